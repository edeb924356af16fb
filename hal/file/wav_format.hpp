#pragma once
#include "client/sample_format.hpp"

#include <cstdint>

namespace tutti::hal {

/// What a WAV file holds.
struct WavFormat {
    SampleFormat samples = SampleFormat::s24_packed; ///< never s24: WAV has no such container
    uint32_t channels = 0;
    uint32_t rate = 0; ///< Hz

    [[nodiscard]] uint32_t frame_bytes() const noexcept {
        return static_cast<uint32_t>(bytes_per_sample(samples)) * channels;
    }
};

constexpr uint32_t max_wav_channels = 1024;

/// Format tags (RFC 2361; WAVE_FORMAT_EXTENSIBLE: Microsoft, "Multiple Channel Audio Data and WAVE Files").
constexpr uint16_t wav_pcm = 1;
constexpr uint16_t wav_float = 3;
constexpr uint16_t wav_extensible = 0xFFFE;
/// An extensible file's sub-format is a tag followed by these bytes.
constexpr uint8_t wav_guid_tail[14] = {0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71};

} // namespace tutti::hal
