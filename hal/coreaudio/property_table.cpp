#include "property_table.hpp"

#include "device_clock.hpp"
#include "json_text.hpp"

#include <cstring>

namespace tutti::coreaudio {
namespace {

using Row = PropertyRow;
using Query = PropertyQuery;
using Writer = PropertyWriter;

/// For values that are the same for everybody.
template <UInt32 number> void constant(const Query&, Writer& to) {
    to.u32(number);
}
void nothing(const Query&, Writer&) {}

// Of every object.

AudioClassID class_of(AudioObjectID object) noexcept {
    switch (object) {
    case plug_in_object:
        return kAudioPlugInClassID;
    case device_object:
        return kAudioDeviceClassID;
    default:
        return kAudioStreamClassID;
    }
}

void class_id(const Query& query, Writer& to) {
    to.u32(class_of(query.object));
}

void owner(const Query& query, Writer& to) {
    const AudioObjectID owners[] = {0, kAudioObjectUnknown, plug_in_object, device_object, device_object};
    to.u32(owners[query.object]);
}

void write_manufacturer(const Query&, Writer& to) {
    to.text(manufacturer);
}

// The plug-in.

void devices(const Query&, Writer& to) {
    to.u32(device_object);
}

/// The qualifier is the UID in question. An unknown one is no error: it has no device.
void device_of_uid(const Query& query, Writer& to) {
    AudioObjectID found = kAudioObjectUnknown;
    if (query.qualifier != nullptr && query.qualifier_bytes == sizeof(CFStringRef)) {
        CFStringRef asked = nullptr;
        std::memcpy(&asked, query.qualifier, sizeof(asked));
        char text[sizeof(device_uid)];
        if (asked != nullptr && CFGetTypeID(asked) == CFStringGetTypeID() &&
            CFStringGetCString(asked, text, sizeof(text), kCFStringEncodingUTF8) != 0 &&
            std::strcmp(text, device_uid) == 0) {
            found = device_object;
        }
    }
    to.u32(found);
}

void resource_bundle(const Query&, Writer& to) {
    to.text("");
}

// The device.

void name(const Query& query, Writer& to) {
    to.text(query.device.description.name);
}

void uid(const Query&, Writer& to) {
    to.text(device_uid);
}

void model(const Query&, Writer& to) {
    to.text(model_uid);
}

void running(const Query& query, Writer& to) {
    to.u32(query.device.running.load() > 0 ? 1 : 0);
}

void streams(const Query& query, Writer& to) {
    const AudioObjectPropertyScope scope = query.address.mScope;
    if (scope != kAudioObjectPropertyScopeOutput && query.device.channels(true) > 0)
        to.u32(input_object);
    if (scope != kAudioObjectPropertyScopeInput && query.device.channels(false) > 0)
        to.u32(output_object);
}

void rate(const Query& query, Writer& to) {
    to.add(static_cast<Float64>(query.device.configuration.rate));
}

void rates(const Query&, Writer& to) {
    for (const uint32_t each : device_rates)
        to.add(AudioValueRange{static_cast<Float64>(each), static_cast<Float64>(each)});
}

OSStatus read_rate(const Query&, const void* data, UInt32 bytes, PropertyRequest& request) {
    Float64 asked = 0;
    if (bytes != sizeof(asked))
        return kAudioHardwareBadPropertySizeError;
    std::memcpy(&asked, data, sizeof(asked));
    if (!is_device_rate(asked))
        return kAudioHardwareIllegalOperationError;
    request = {PropertyRequest::rate, asked};
    return kAudioHardwareNoError;
}

void latency(const Query& query, Writer& to) {
    to.u32(query.is_input() ? query.device.configuration.input_latency
                            : query.device.configuration.output_latency);
}

void safety(const Query& query, Writer& to) {
    to.u32(query.device.configuration.safety);
}

void stereo_pair(const Query& query, Writer& to) {
    to.u32(1);
    to.u32(query.device.channels(query.is_input()) > 1 ? 2 : 1);
}

/// As discrete channels: the device does not know what is on them. More than 65536 has no label, nor have we.
void channel_layout(const Query& query, Writer& to) {
    const UInt32 channels = query.device.channels(query.is_input());
    to.u32(kAudioChannelLayoutTag_UseChannelDescriptions);
    to.u32(0);
    to.u32(channels);
    for (UInt32 i = 0; i < channels; ++i)
        to.add(AudioChannelDescription{kAudioChannelLabel_Discrete_0 | i, 0, {0, 0, 0}});
}

void channel_name(const Query& query, Writer& to) {
    const Description& description = query.device.description;
    const UInt32 channel = query.address.mElement - 1;
    to.text(query.is_input() ? description.input_names[channel] : description.output_names[channel]);
}

void custom_properties(const Query&, Writer& to) {
    to.add(AudioServerPlugInCustomPropertyInfo{status_property,
                                               kAudioServerPlugInCustomPropertyDataTypeCFString,
                                               kAudioServerPlugInCustomPropertyDataTypeNone});
}

void status(const Query& query, Writer& to) {
    const Device& of = query.device;
    JsonText json;
    json.word("engine", of.connected.load() ? "connected" : "absent");
    json.number("rate", of.configuration.rate);
    json.number("inputs", of.configuration.inputs);
    json.number("outputs", of.configuration.outputs);
    json.number("clients", of.running.load());
    json.number("inputMissing", of.input_missing.load());
    json.number("outputDropped", of.output_dropped.load());
    to.text(json.end());
}

// A stream.

void stream_name(const Query& query, Writer& to) {
    to.text(query.is_input() ? "Network to applications" : "Applications to network");
}

void active(const Query& query, Writer& to) {
    to.u32((query.is_input() ? query.device.input_active : query.device.output_active) ? 1 : 0);
}

OSStatus read_active(const Query&, const void* data, UInt32 bytes, PropertyRequest& request) {
    UInt32 asked = 0;
    if (bytes != sizeof(asked))
        return kAudioHardwareBadPropertySizeError;
    std::memcpy(&asked, data, sizeof(asked));
    request = {PropertyRequest::stream_active, asked != 0 ? 1.0 : 0.0};
    return kAudioHardwareNoError;
}

/// Core Audio's numbers: 1 takes from the device, 0 gives to it.
void direction(const Query& query, Writer& to) {
    to.u32(query.is_input() ? 1 : 0);
}

void format(const Query& query, Writer& to) {
    to.add(query.device.format(query.is_input(), query.device.configuration.rate));
}

void formats(const Query& query, Writer& to) {
    for (const uint32_t each : device_rates) {
        const auto hz = static_cast<Float64>(each);
        to.add(AudioStreamRangedDescription{query.device.format(query.is_input(), hz), {hz, hz}});
    }
}

/// Only the rate of a format can be chosen.
OSStatus read_format(const Query& query, const void* data, UInt32 bytes, PropertyRequest& request) {
    AudioStreamBasicDescription asked{};
    if (bytes != sizeof(asked))
        return kAudioHardwareBadPropertySizeError;
    std::memcpy(&asked, data, sizeof(asked));
    if (!is_device_rate(asked.mSampleRate))
        return kAudioDeviceUnsupportedFormatError;
    const AudioStreamBasicDescription ours = query.device.format(query.is_input(), asked.mSampleRate);
    if (asked.mFormatID != ours.mFormatID || asked.mFormatFlags != ours.mFormatFlags ||
        asked.mBytesPerPacket != ours.mBytesPerPacket || asked.mFramesPerPacket != ours.mFramesPerPacket ||
        asked.mBytesPerFrame != ours.mBytesPerFrame || asked.mChannelsPerFrame != ours.mChannelsPerFrame ||
        asked.mBitsPerChannel != ours.mBitsPerChannel) {
        return kAudioDeviceUnsupportedFormatError;
    }
    request = {PropertyRequest::rate, asked.mSampleRate};
    return kAudioHardwareNoError;
}

constexpr AudioClassID plug_in = kAudioPlugInClassID;
constexpr AudioClassID device = kAudioDeviceClassID;
constexpr AudioClassID stream = kAudioStreamClassID;
constexpr auto base_class = constant<kAudioObjectClassID>;

constexpr Row table[] = {
    {plug_in, kAudioObjectPropertyBaseClass, Row::anywhere, Row::value, base_class, nullptr},
    {plug_in, kAudioObjectPropertyClass, Row::anywhere, Row::value, class_id, nullptr},
    {plug_in, kAudioObjectPropertyOwner, Row::anywhere, Row::value, owner, nullptr},
    {plug_in, kAudioObjectPropertyManufacturer, Row::anywhere, Row::value, write_manufacturer, nullptr},
    {plug_in, kAudioObjectPropertyOwnedObjects, Row::anywhere, Row::list, devices, nullptr},
    {plug_in, kAudioPlugInPropertyDeviceList, Row::anywhere, Row::list, devices, nullptr},
    {plug_in, kAudioPlugInPropertyTranslateUIDToDevice, Row::anywhere, Row::value, device_of_uid, nullptr},
    {plug_in, kAudioPlugInPropertyBoxList, Row::anywhere, Row::list, nothing, nullptr},
    {plug_in, kAudioPlugInPropertyTranslateUIDToBox, Row::anywhere, Row::value, constant<kAudioObjectUnknown>,
     nullptr},
    {plug_in, kAudioPlugInPropertyResourceBundle, Row::anywhere, Row::value, resource_bundle, nullptr},

    {device, kAudioObjectPropertyBaseClass, Row::anywhere, Row::value, base_class, nullptr},
    {device, kAudioObjectPropertyClass, Row::anywhere, Row::value, class_id, nullptr},
    {device, kAudioObjectPropertyOwner, Row::anywhere, Row::value, owner, nullptr},
    {device, kAudioObjectPropertyName, Row::anywhere, Row::value, name, nullptr},
    {device, kAudioObjectPropertyManufacturer, Row::anywhere, Row::value, write_manufacturer, nullptr},
    {device, kAudioObjectPropertyElementName, Row::channel, Row::value, channel_name, nullptr},
    {device, kAudioObjectPropertyOwnedObjects, Row::anywhere, Row::list, streams, nullptr},
    {device, kAudioObjectPropertyControlList, Row::anywhere, Row::list, nothing, nullptr},
    {device, kAudioObjectPropertyCustomPropertyInfoList, Row::anywhere, Row::list, custom_properties,
     nullptr},
    {device, status_property, Row::anywhere, Row::value, status, nullptr},
    {device, kAudioDevicePropertyDeviceUID, Row::anywhere, Row::value, uid, nullptr},
    {device, kAudioDevicePropertyModelUID, Row::anywhere, Row::value, model, nullptr},
    {device, kAudioDevicePropertyTransportType, Row::anywhere, Row::value,
     constant<kAudioDeviceTransportTypeVirtual>, nullptr},
    {device, kAudioDevicePropertyRelatedDevices, Row::anywhere, Row::list, devices, nullptr},
    // Not 0 would say that devices of one number share a clock in hardware.
    {device, kAudioDevicePropertyClockDomain, Row::anywhere, Row::value, constant<0>, nullptr},
    {device, kAudioDevicePropertyDeviceIsAlive, Row::anywhere, Row::value, constant<1>, nullptr},
    {device, kAudioDevicePropertyDeviceIsRunning, Row::anywhere, Row::value, running, nullptr},
    {device, kAudioDevicePropertyIsHidden, Row::anywhere, Row::value, constant<0>, nullptr},
    {device, kAudioDevicePropertyZeroTimeStampPeriod, Row::anywhere, Row::value,
     constant<DeviceClock::period>, nullptr},
    // The HAL must not smooth stamps that lie on a line already.
    {device, kAudioDevicePropertyClockAlgorithm, Row::anywhere, Row::value,
     constant<kAudioDeviceClockAlgorithmRaw>, nullptr},
    {device, kAudioDevicePropertyClockIsStable, Row::anywhere, Row::value, constant<1>, nullptr},
    {device, kAudioDevicePropertyNominalSampleRate, Row::anywhere, Row::value, rate, read_rate},
    {device, kAudioDevicePropertyAvailableNominalSampleRates, Row::anywhere, Row::list, rates, nullptr},
    {device, kAudioDevicePropertyStreams, Row::anywhere, Row::list, streams, nullptr},
    {device, wants_stream_formats_restored, Row::anywhere, Row::value, constant<0>, nullptr},
    {device, wants_controls_restored, Row::anywhere, Row::value, constant<0>, nullptr},
    {device, kAudioDevicePropertyDeviceCanBeDefaultDevice, Row::directional, Row::value, constant<1>,
     nullptr},
    // Alert sounds do not belong on the network.
    {device, kAudioDevicePropertyDeviceCanBeDefaultSystemDevice, Row::directional, Row::value, constant<0>,
     nullptr},
    {device, kAudioDevicePropertyLatency, Row::directional, Row::value, latency, nullptr},
    {device, kAudioDevicePropertySafetyOffset, Row::directional, Row::value, safety, nullptr},
    {device, kAudioDevicePropertyPreferredChannelsForStereo, Row::directional, Row::value, stereo_pair,
     nullptr},
    {device, kAudioDevicePropertyPreferredChannelLayout, Row::directional, Row::value, channel_layout,
     nullptr},

    {stream, kAudioObjectPropertyBaseClass, Row::anywhere, Row::value, base_class, nullptr},
    {stream, kAudioObjectPropertyClass, Row::anywhere, Row::value, class_id, nullptr},
    {stream, kAudioObjectPropertyOwner, Row::anywhere, Row::value, owner, nullptr},
    {stream, kAudioObjectPropertyOwnedObjects, Row::anywhere, Row::list, nothing, nullptr},
    {stream, kAudioObjectPropertyName, Row::anywhere, Row::value, stream_name, nullptr},
    {stream, kAudioStreamPropertyIsActive, Row::anywhere, Row::value, active, read_active},
    {stream, kAudioStreamPropertyDirection, Row::anywhere, Row::value, direction, nullptr},
    {stream, kAudioStreamPropertyTerminalType, Row::anywhere, Row::value,
     constant<kAudioStreamTerminalTypeLine>, nullptr},
    {stream, kAudioStreamPropertyStartingChannel, Row::anywhere, Row::value, constant<1>, nullptr},
    {stream, kAudioStreamPropertyLatency, Row::anywhere, Row::value, constant<0>, nullptr},
    {stream, kAudioStreamPropertyVirtualFormat, Row::anywhere, Row::value, format, read_format},
    {stream, kAudioStreamPropertyPhysicalFormat, Row::anywhere, Row::value, format, read_format},
    {stream, kAudioStreamPropertyAvailableVirtualFormats, Row::anywhere, Row::list, formats, nullptr},
    {stream, kAudioStreamPropertyAvailablePhysicalFormats, Row::anywhere, Row::list, formats, nullptr},
};

/// `scope` is one that devices and streams have.
bool is_directional(AudioObjectPropertyScope scope) noexcept {
    return scope == kAudioObjectPropertyScopeInput || scope == kAudioObjectPropertyScopeOutput;
}

bool is_at(const Row& row, const Device& of, const AudioObjectPropertyAddress& address) noexcept {
    const bool input = address.mScope == kAudioObjectPropertyScopeInput;
    switch (row.place) {
    case Row::anywhere:
        return address.mElement == kAudioObjectPropertyElementMain &&
               (address.mScope == kAudioObjectPropertyScopeGlobal || is_directional(address.mScope));
    case Row::directional:
        return address.mElement == kAudioObjectPropertyElementMain && is_directional(address.mScope) &&
               of.channels(input) > 0;
    case Row::channel:
        return address.mElement >= 1 && is_directional(address.mScope) &&
               address.mElement <= of.channels(input);
    }
    return false;
}

} // namespace

AudioStreamBasicDescription Device::format(bool input, double rate) const noexcept {
    const UInt32 frame = channels(input) * static_cast<UInt32>(sizeof(Float32));
    AudioStreamBasicDescription format{};
    format.mSampleRate = rate;
    format.mFormatID = kAudioFormatLinearPCM;
    // Native byte order: no flag for it.
    format.mFormatFlags = kAudioFormatFlagIsFloat | kAudioFormatFlagIsPacked;
    format.mBytesPerPacket = frame;
    format.mFramesPerPacket = 1;
    format.mBytesPerFrame = frame;
    format.mChannelsPerFrame = channels(input);
    format.mBitsPerChannel = 8 * sizeof(Float32);
    return format;
}

const PropertyRow* find_property(const Device& of, AudioObjectID object,
                                 const AudioObjectPropertyAddress& address) noexcept {
    for (const Row& row : table) {
        if (row.owner == class_of(object) && row.selector == address.mSelector && is_at(row, of, address))
            return &row;
    }
    return nullptr;
}

} // namespace tutti::coreaudio
