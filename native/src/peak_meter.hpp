#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace tutti {

/// Largest absolute sample of each channel since the last reset. [audio]
class PeakMeter {
  public:
    static constexpr uint32_t max_channels = 128;

    explicit PeakMeter(uint32_t channels) : channels_(channels) {}

    /// `frames` interleaved frames of all channels. NaN counts as nothing.
    void add(const float* samples, uint32_t frames) noexcept;

    [[nodiscard]] std::span<const float> peaks() const noexcept { return {peaks_.data(), channels_}; }
    void reset() noexcept { peaks_.fill(0); }

  private:
    alignas(64) std::array<float, max_channels> peaks_{};
    uint32_t channels_;
};

} // namespace tutti
