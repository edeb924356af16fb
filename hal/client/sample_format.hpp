#pragma once
#include <cstddef>
#include <cstdint>

namespace tutti::hal {

/// Samples as applications and files have them; little-endian. Integers of 24 bits are scaled by 2^23,
/// exactly.
enum class SampleFormat {
    s16,
    s24,        ///< in the low 24 bits of a 32-bit word
    s24_packed, ///< three bytes
    s32,        ///< from the ring: 24 bits in the top; to the ring: rounded to what float32 holds
    f32,
};

[[nodiscard]] std::size_t bytes_per_sample(SampleFormat format) noexcept;

/// [audio] `samples` samples next to each other.
void decode_samples(SampleFormat format, const uint8_t* from, float* to, std::size_t samples) noexcept;

/// [audio] Rounds to nearest even, clips at full scale, NaN becomes 0. Floats pass unchanged.
void encode_samples(SampleFormat format, const float* from, uint8_t* to, std::size_t samples) noexcept;

} // namespace tutti::hal
