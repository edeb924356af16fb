#include "sample_layout.hpp"

#include <cstring>

namespace tutti::prbs {
namespace {

constexpr float full_scale = 2147483648.0F;

} // namespace

std::optional<SampleLayout> SampleLayout::named(std::string_view name) {
    if (name == "s16le")
        return SampleLayout{Kind::integer, 2, 16, false};
    if (name == "s16be")
        return SampleLayout{Kind::integer, 2, 16, true};
    if (name == "s24_3le")
        return SampleLayout{Kind::integer, 3, 24, false};
    if (name == "s24be")
        return SampleLayout{Kind::integer, 3, 24, true};
    if (name == "s24le")
        return SampleLayout{Kind::integer, 4, 24, false};
    if (name == "s32le")
        return SampleLayout{Kind::integer, 4, 32, false};
    if (name == "s32be")
        return SampleLayout{Kind::integer, 4, 32, true};
    if (name == "f32le")
        return SampleLayout{Kind::real, 4, 24, false};
    return std::nullopt;
}

void SampleLayout::put(int32_t sample, uint8_t* to) const noexcept {
    if (kind == Kind::real) {
        const float value = static_cast<float>(sample) / full_scale;
        std::memcpy(to, &value, sizeof(value));
        return;
    }
    const auto number = static_cast<uint32_t>(sample >> (32 - bits)); // sign-extended into a wider word
    for (unsigned i = 0; i < bytes; ++i)
        to[big_endian ? bytes - 1 - i : i] = static_cast<uint8_t>(number >> (8 * i));
}

bool SampleLayout::get(const uint8_t* from, int32_t& sample) const noexcept {
    if (kind == Kind::real) {
        float value = 0;
        std::memcpy(&value, from, sizeof(value));
        if (!(value >= -1.0F && value < 1.0F))
            return false;
        sample = static_cast<int32_t>(value * full_scale);
        return static_cast<float>(sample) == value * full_scale && (sample & 0xFF) == 0;
    }
    uint32_t number = 0;
    for (unsigned i = 0; i < bytes; ++i)
        number |= uint32_t{from[big_endian ? bytes - 1 - i : i]} << (8 * i);
    sample = static_cast<int32_t>(number << (32 - bits));
    return true;
}

} // namespace tutti::prbs
