#include "sample_format.hpp"

#include <cmath>
#include <cstring>

namespace tutti::hal {
namespace {

constexpr float scale16 = 32768.0F;
constexpr float scale24 = 8388608.0F;
constexpr float scale32 = 2147483648.0F;

/// All bounds are exact floats: -scale and scale - 1 for up to 24 bits.
int32_t quantise(float sample, float scale) noexcept {
    float scaled = sample * scale;
    if (!(scaled == scaled))
        return 0;
    if (scaled < -scale)
        scaled = -scale;
    if (scaled > scale - 1)
        scaled = scale - 1;
    return static_cast<int32_t>(std::lrintf(scaled));
}

int32_t extend24(uint32_t low) noexcept {
    return static_cast<int32_t>(low << 8) >> 8;
}

template <typename T> T load(const uint8_t* from) noexcept {
    T value;
    std::memcpy(&value, from, sizeof(value));
    return value;
}

template <typename T> void store(uint8_t* to, T value) noexcept {
    std::memcpy(to, &value, sizeof(value));
}

} // namespace

std::size_t bytes_per_sample(SampleFormat format) noexcept {
    switch (format) {
    case SampleFormat::s16:
        return 2;
    case SampleFormat::s24_packed:
        return 3;
    default:
        return 4;
    }
}

void decode_samples(SampleFormat format, const uint8_t* from, float* to, std::size_t samples) noexcept {
    switch (format) {
    case SampleFormat::s16:
        for (std::size_t i = 0; i < samples; ++i)
            to[i] = static_cast<float>(load<int16_t>(from + 2 * i)) / scale16;
        break;
    case SampleFormat::s24:
        for (std::size_t i = 0; i < samples; ++i) {
            to[i] = static_cast<float>(extend24(load<uint32_t>(from + 4 * i))) / scale24;
        }
        break;
    case SampleFormat::s24_packed:
        for (std::size_t i = 0; i < samples; ++i, from += 3) {
            const uint32_t low =
                from[0] | static_cast<uint32_t>(from[1]) << 8 | static_cast<uint32_t>(from[2]) << 16;
            to[i] = static_cast<float>(extend24(low)) / scale24;
        }
        break;
    case SampleFormat::s32:
        for (std::size_t i = 0; i < samples; ++i)
            to[i] = static_cast<float>(load<int32_t>(from + 4 * i)) / scale32;
        break;
    case SampleFormat::f32:
        std::memcpy(to, from, samples * sizeof(float));
        break;
    }
}

void encode_samples(SampleFormat format, const float* from, uint8_t* to, std::size_t samples) noexcept {
    switch (format) {
    case SampleFormat::s16:
        for (std::size_t i = 0; i < samples; ++i) {
            store(to + 2 * i, static_cast<int16_t>(quantise(from[i], scale16)));
        }
        break;
    case SampleFormat::s24:
        for (std::size_t i = 0; i < samples; ++i)
            store(to + 4 * i, quantise(from[i], scale24));
        break;
    case SampleFormat::s24_packed:
        for (std::size_t i = 0; i < samples; ++i, to += 3) {
            const auto value = static_cast<uint32_t>(quantise(from[i], scale24));
            to[0] = static_cast<uint8_t>(value);
            to[1] = static_cast<uint8_t>(value >> 8);
            to[2] = static_cast<uint8_t>(value >> 16);
        }
        break;
    case SampleFormat::s32:
        for (std::size_t i = 0; i < samples; ++i) {
            store(to + 4 * i, static_cast<uint32_t>(quantise(from[i], scale24)) << 8);
        }
        break;
    case SampleFormat::f32:
        std::memcpy(to, from, samples * sizeof(float));
        break;
    }
}

} // namespace tutti::hal
