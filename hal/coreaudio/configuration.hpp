#pragma once
#include "tutti/device_link.h"

#include <cstdint>

namespace tutti::coreaudio {

inline constexpr uint32_t device_rates[] = {44100, 48000, 88200, 96000, 176400, 192000, 352800, 384000};
inline constexpr uint32_t rate_count = sizeof(device_rates) / sizeof(device_rates[0]);

inline bool is_device_rate(double rate) noexcept {
    for (const uint32_t known : device_rates) {
        if (rate == known)
            return true;
    }
    return false;
}

/// What only changes while the HAL has stopped IO (PerformDeviceConfigurationChange). AudioServerPlugIn.h
/// counts latencies and safety offset among it: the HAL reckons with them while IO runs.
struct Configuration {
    uint32_t rate = 48000;
    uint32_t inputs = TUTTI_REGION_MAX_CHANNELS;
    uint32_t outputs = TUTTI_REGION_MAX_CHANNELS;
    uint32_t safety =
        48000 / 500;            ///< frames: tutti_link_safety_frames(), which is no constant expression in C
    uint32_t input_latency = 0; ///< frames
    uint32_t output_latency = 0;

    static constexpr uint32_t most_latency = TUTTI_REGION_MAX_RATE; ///< a second of the highest rate

    [[nodiscard]] bool differs_in_latency_only(const Configuration& other) const noexcept {
        return rate == other.rate && inputs == other.inputs && outputs == other.outputs &&
               safety == other.safety && *this != other;
    }
    bool operator==(const Configuration& other) const noexcept {
        return rate == other.rate && inputs == other.inputs && outputs == other.outputs &&
               safety == other.safety && input_latency == other.input_latency &&
               output_latency == other.output_latency;
    }
    bool operator!=(const Configuration& other) const noexcept { return !(*this == other); }
    /// The same device at another rate: latencies take as long as they did, until the engine says what they
    /// are.
    [[nodiscard]] Configuration at_rate(uint32_t other) const noexcept {
        const auto scaled = [&](uint32_t frames) {
            const uint64_t there = uint64_t{frames} * other / rate;
            return static_cast<uint32_t>(there < most_latency ? there : most_latency);
        };
        return {other,
                inputs,
                outputs,
                tutti_link_safety_frames(other),
                scaled(input_latency),
                scaled(output_latency)};
    }
    /// Within the limits that the driver was compiled with.
    [[nodiscard]] bool is_sound() const noexcept {
        return is_device_rate(rate) && inputs <= TUTTI_REGION_MAX_CHANNELS &&
               outputs <= TUTTI_REGION_MAX_CHANNELS && safety <= rate / 10 && input_latency <= most_latency &&
               output_latency <= most_latency;
    }
};

} // namespace tutti::coreaudio
