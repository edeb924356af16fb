#pragma once
#include "tutti/device_link.h"

#include <CoreAudio/AudioServerPlugIn.h>

#include <atomic>
#include <cstdint>

namespace tutti::coreaudio {

/// The objects that the driver publishes. Numbers of our own choice, but for the plug-in's.
enum ObjectId : AudioObjectID { plug_in_object = 1, device_object = 2, input_object = 3, output_object = 4 };

inline constexpr char device_uid[] = "dev.tutti.device";
inline constexpr char model_uid[] = "dev.tutti.model";
inline constexpr char manufacturer[] = "Tutti";
inline constexpr char default_name[] = "AES67 Device";

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

/// What may change at any time; who looks at it is told by PropertiesChanged.
struct Description {
    uint32_t input_latency = 0; ///< frames
    uint32_t output_latency = 0;
    char name[TUTTI_LINK_NAME_BYTES] = "AES67 Device";
    char input_names[TUTTI_REGION_MAX_CHANNELS][TUTTI_LINK_NAME_BYTES] = {};
    char output_names[TUTTI_REGION_MAX_CHANNELS][TUTTI_LINK_NAME_BYTES] = {};
};

/// All that properties show of the device. Guarded by the driver's lock, but for what is atomic.
struct Device {
    Configuration configuration;
    Description description;
    bool input_active = true;
    bool output_active = true;
    std::atomic<uint32_t> running{0}; ///< clients that do IO
    std::atomic<bool> connected{false};
    // Frames since the driver was loaded. [audio] counts.
    std::atomic<uint64_t> input_missing{0};  ///< silence in their place: too late, or the engine was gone
    std::atomic<uint64_t> output_dropped{0}; ///< outside the region's window, or no engine

    [[nodiscard]] uint32_t channels(bool input) const noexcept {
        return input ? configuration.inputs : configuration.outputs;
    }
    /// A direction without channels has no stream.
    [[nodiscard]] bool has_object(AudioObjectID object) const noexcept {
        return object == plug_in_object || object == device_object ||
               (object == input_object && configuration.inputs > 0) ||
               (object == output_object && configuration.outputs > 0);
    }
    [[nodiscard]] AudioStreamBasicDescription format(bool input, double rate) const noexcept;
};

} // namespace tutti::coreaudio
