#pragma once
#include "device.hpp"
#include "property_writer.hpp"

#include <CoreAudio/AudioServerPlugIn.h>

namespace tutti::coreaudio {

/// One question about a property.
struct PropertyQuery {
    const Device& device;
    AudioObjectID object;
    AudioObjectPropertyAddress address;
    UInt32 qualifier_bytes = 0;
    const void* qualifier = nullptr;

    /// The direction that is asked about: by the stream, or by the scope.
    [[nodiscard]] bool is_input() const noexcept {
        return object == input_object ||
               (object == device_object && address.mScope == kAudioObjectPropertyScopeInput);
    }
};

/// What setting a property asks of the driver.
struct PropertyRequest {
    enum Kind { nothing, rate, stream_active } kind = nothing;
    double value = 0;
};

/// A property of a class of objects: one row of the table.
struct PropertyRow {
    AudioClassID owner; ///< class of object
    AudioObjectPropertySelector selector;
    /// Where it is: anywhere; only with an input or output scope; or there, on the elements 1 to N.
    enum Place { anywhere, directional, channel } place;
    /// A list is cut off at the caller's buffer, a value needs all of its room.
    enum Shape { value, list } shape;
    void (*write)(const PropertyQuery& query, PropertyWriter& to);
    /// Null if it cannot be set. Reads a new value and says what it asks for, or why it is refused.
    OSStatus (*read)(const PropertyQuery& query, const void* data, UInt32 bytes, PropertyRequest& request);
};

/// The row that answers, or null: the object does not have this property here. The object exists.
const PropertyRow* find_property(const Device& device, AudioObjectID object,
                                 const AudioObjectPropertyAddress& address) noexcept;

/// Whether the HAL may put back formats and controls of before: we keep our own state. In SDKs since macOS 13
/// only, so they are spelled out.
inline constexpr AudioObjectPropertySelector wants_stream_formats_restored = 0x72657366; // 'resf'
inline constexpr AudioObjectPropertySelector wants_controls_restored = 0x72657363;       // 'resc'

/// What a volunteer's acceptance test reads: the driver's state as one line of JSON (CFString).
inline constexpr AudioObjectPropertySelector status_property = 0x74737461; // 'tsta'

} // namespace tutti::coreaudio
