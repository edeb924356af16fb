#include "dop_source.hpp"

#include "tutti/region.h"

#include <algorithm>
#include <utility>

namespace tutti::hal {
namespace {

constexpr uint32_t bits_per_word = 16;
constexpr uint8_t markers[2][2] = {{0x05, 0xFA}, {0x06, 0xF9}};

/// Exact: 24 bits fit a float's mantissa.
float sample(uint8_t marker, uint8_t older, uint8_t newer) noexcept {
    const uint32_t word = uint32_t{marker} << 24 | uint32_t{older} << 16 | uint32_t{newer} << 8;
    return static_cast<float>(static_cast<int32_t>(word)) * 0x1p-31F;
}

/// As plain DoP, DSD256 is beyond what a device can do, and DSD512 even in pairs.
std::string carried_at(uint32_t rate) {
    const std::string text = std::to_string(rate) + " Hz";
    if (rate <= TUTTI_REGION_MAX_RATE)
        return text;
    return text + " (which no device has: they end at " + std::to_string(TUTTI_REGION_MAX_RATE) + " Hz)";
}

} // namespace

std::unique_ptr<DopSource> DopSource::create(DsdFile file, uint32_t device_rate, std::string& problem) {
    const uint32_t rate = file.bit_rate() / bits_per_word;
    const bool pairs = device_rate == rate / 2;
    if (device_rate != rate && !pairs) {
        problem = "is DSD of " + std::to_string(file.bit_rate()) + " bits a second: DoP carries it at " +
                  carried_at(rate) + ", or in pairs of channels at " + carried_at(rate / 2) +
                  ", and the device runs at " + std::to_string(device_rate) + " Hz";
        return nullptr;
    }
    return std::unique_ptr<DopSource>(new DopSource(std::move(file), device_rate, pairs ? 2 : 1));
}

DopSource::DopSource(DsdFile file, uint32_t rate, uint32_t words)
    : file_(std::move(file)), rate_(rate), words_(words) {}

uint64_t DopSource::read(float* to, uint64_t frames) {
    const uint64_t count = std::min(frames, this->frames() - next_);
    const uint64_t frame_bytes = 2 * words_;
    bytes_.resize(count * frame_bytes * file_.channels());
    if (count == 0 || !file_.read(next_ * frame_bytes, count * frame_bytes, bytes_.data()))
        return 0;
    for (uint64_t frame = 0; frame < count; ++frame) {
        const uint8_t marker = markers[words_ - 1][(placed_ + frame) % 2];
        for (uint32_t channel = 0; channel < file_.channels(); ++channel) {
            const uint8_t* bits = bytes_.data() + (channel * count + frame) * frame_bytes;
            for (uint32_t word = 0; word < words_; ++word)
                *to++ = sample(marker, bits[2 * word], bits[2 * word + 1]);
        }
    }
    next_ += count;
    placed_ += count;
    return count;
}

} // namespace tutti::hal
