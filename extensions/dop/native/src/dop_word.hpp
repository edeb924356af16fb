// The words of DoP (DoP Open Standard 1.1): a marker in the upper eight of 24 bits, sixteen DSD bits of one
// channel below, the oldest first. [any]
#pragma once

#include <cstdint>

namespace tutti::dop {

// Which of a channel's bits a word carries, told by its marker.
enum class Packing : uint8_t {
    none,  // no marker: PCM
    plain, // sixteen bits a frame: 0x05 and 0xFA in turn
    pairs  // thirty-two, in two adjacent channels, the older ones in the first: 0x06 and 0xF9 in turn
};

// Sixteen bits of DSD silence: as many ones as zeros, nothing below an eighth of the bit rate.
constexpr uint16_t idle_bits = 0x6969;

// Exact both ways: a float's mantissa holds 24 bits. What is beyond full scale, or no number, is no DoP.
inline uint32_t to_word(float sample) noexcept {
    if (!(sample >= -1.0F && sample < 1.0F))
        return 0x7FFFFF;
    return static_cast<uint32_t>(static_cast<int32_t>(sample * 0x1p23F)) & 0xFFFFFF;
}
inline float to_sample(uint32_t word) noexcept {
    return static_cast<float>(static_cast<int32_t>(word << 8)) * 0x1p-31F;
}

struct Marker {
    Packing packing = Packing::none;
    bool second = false; // of the two that alternate

    static Marker of(uint32_t word) noexcept {
        switch (word >> 16) {
        case 0x05:
            return {Packing::plain, false};
        case 0xFA:
            return {Packing::plain, true};
        case 0x06:
            return {Packing::pairs, false};
        case 0xF9:
            return {Packing::pairs, true};
        default:
            return {};
        }
    }
    uint32_t word(uint16_t bits) const noexcept {
        const uint32_t first = packing == Packing::pairs ? 0x06 : 0x05;
        return (second ? first ^ 0xFF : first) << 16 | bits;
    }
};

} // namespace tutti::dop
