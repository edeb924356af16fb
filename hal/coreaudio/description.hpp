#pragma once
#include "configuration.hpp"

#include "tutti/device_link.h"

#include <CoreAudio/AudioServerPlugIn.h>

#include <cstdint>

namespace tutti::coreaudio {

/// Properties of the device that have new values, as PropertiesChanged wants them.
class ChangedProperties {
  public:
    void add(AudioObjectPropertySelector selector,
             AudioObjectPropertyScope scope = kAudioObjectPropertyScopeGlobal,
             AudioObjectPropertyElement element = kAudioObjectPropertyElementMain) noexcept {
        addresses_[count_++] = {selector, scope, element};
    }
    [[nodiscard]] const AudioObjectPropertyAddress* addresses() const noexcept { return addresses_; }
    [[nodiscard]] UInt32 count() const noexcept { return count_; }

  private:
    /// Every name of a channel, the device's and the status.
    AudioObjectPropertyAddress addresses_[2 * TUTTI_REGION_MAX_CHANNELS + 2] = {};
    UInt32 count_ = 0;
};

/// What may change at any time; who looks at it is told by PropertiesChanged.
struct Description {
    char name[TUTTI_LINK_NAME_BYTES] = "AES67 Device";
    char input_names[TUTTI_REGION_MAX_CHANNELS][TUTTI_LINK_NAME_BYTES] = {};
    char output_names[TUTTI_REGION_MAX_CHANNELS][TUTTI_LINK_NAME_BYTES] = {};

    /// Takes over what the engine says, within limits. `changed` gets what is different, of the channels that
    /// the device has.
    void take(const tutti_link_device& said, const Configuration& configuration,
              ChangedProperties& changed) noexcept;
};

} // namespace tutti::coreaudio
