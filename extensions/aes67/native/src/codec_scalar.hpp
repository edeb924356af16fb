// The arithmetic of L16 (RFC 3551 s.4.5.11) and L24 (RFC 3190 s.4), one sample at a time and in plain C++. It
// is the definition of both encodings: what the vector kernels must match bit for bit, and their remainder of
// fewer than four adjacent samples. Everything here is [audio]: no call, no memory but the arguments.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace tutti::aes67 {

// Two's complement in the fewest bytes, most significant byte first; full scale 1.0 is 2^(8 * Bytes - 1).
template <size_t Bytes> struct Pcm {
    static_assert(Bytes == 2 || Bytes == 3);
    static constexpr size_t bytes = Bytes;
    static constexpr float scale = static_cast<float>(1u << (8 * Bytes - 1));
    static constexpr float lowest = -scale;
    static constexpr float highest = scale - 1.0F; // exact: 24 bits fit a float's mantissa

    // Exact, because the integer fits the mantissa and the factor is a power of two.
    static float decode(const uint8_t* wire) noexcept {
        uint32_t bits = uint32_t{wire[0]} << 24 | uint32_t{wire[1]} << 16;
        if constexpr (Bytes == 3)
            bits |= uint32_t{wire[2]} << 8;
        return static_cast<float>(static_cast<int32_t>(bits)) * 0x1p-31F;
    }

    // To nearest, ties to even (in the default rounding mode), clipped; NaN becomes 0.
    static void encode(float sample, uint8_t* wire) noexcept {
        float scaled = std::isnan(sample) ? 0.0F : sample * scale;
        scaled = scaled < lowest ? lowest : scaled;
        scaled = scaled > highest ? highest : scaled;
        const auto bits = static_cast<uint32_t>(std::lrint(scaled)) << (32 - 8 * Bytes);
        wire[0] = static_cast<uint8_t>(bits >> 24);
        wire[1] = static_cast<uint8_t>(bits >> 16);
        if constexpr (Bytes == 3)
            wire[2] = static_cast<uint8_t>(bits >> 8);
    }
};

using L16 = Pcm<2>;
using L24 = Pcm<3>;

} // namespace tutti::aes67
