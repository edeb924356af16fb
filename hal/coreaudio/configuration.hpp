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

/// What only changes while the HAL has stopped IO (PerformDeviceConfigurationChange).
struct Configuration {
    uint32_t rate = 48000;
    uint32_t inputs = TUTTI_REGION_MAX_CHANNELS;
    uint32_t outputs = TUTTI_REGION_MAX_CHANNELS;
    uint32_t safety =
        48000 / 500; ///< frames: tutti_link_safety_frames(), which is no constant expression in C

    bool operator==(const Configuration& other) const noexcept {
        return rate == other.rate && inputs == other.inputs && outputs == other.outputs &&
               safety == other.safety;
    }
    bool operator!=(const Configuration& other) const noexcept { return !(*this == other); }
    /// Within the limits that the driver was compiled with.
    [[nodiscard]] bool is_sound() const noexcept {
        return is_device_rate(rate) && inputs <= TUTTI_REGION_MAX_CHANNELS &&
               outputs <= TUTTI_REGION_MAX_CHANNELS && safety <= rate / 10;
    }
};

} // namespace tutti::coreaudio
