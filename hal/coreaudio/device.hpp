#pragma once
#include "configuration.hpp"
#include "description.hpp"

#include <CoreAudio/AudioServerPlugIn.h>

#include <atomic>
#include <cstdint>

namespace tutti::coreaudio {

/// The objects that the driver publishes. Numbers of our own choice, but for the plug-in's.
enum ObjectId : AudioObjectID { plug_in_object = 1, device_object = 2, input_object = 3, output_object = 4 };

inline constexpr char device_uid[] = "dev.tutti.device";
inline constexpr char model_uid[] = "dev.tutti.model";
inline constexpr char manufacturer[] = "Tutti";

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
