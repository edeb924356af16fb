/// The C table that coreaudiod calls: checks what belongs to the interface alone (references, object
/// numbers), and passes on.
#include "driver.hpp"

#include <atomic>
#include <cstring>

namespace tutti::coreaudio {
namespace {

// Documented constants of the interface.
constexpr UInt8 unknown_uuid[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46};
constexpr UInt8 type_uuid[16] = {0x44, 0x3A, 0xBA, 0xB8, 0xE7, 0xB3, 0x49, 0x1A,
                                 0xB9, 0x85, 0xBE, 0xB9, 0x18, 0x70, 0x30, 0xDB};
constexpr UInt8 interface_uuid[16] = {0xEE, 0xA5, 0x77, 0x3D, 0xCC, 0x43, 0x49, 0xF1,
                                      0x8E, 0x00, 0x8F, 0x96, 0xE7, 0xD2, 0x3B, 0x17};
constexpr HRESULT no_interface = static_cast<HRESULT>(0x80000004);

bool equal(const CFUUIDBytes& uuid, const UInt8 (&bytes)[16]) noexcept {
    static_assert(sizeof(uuid) == sizeof(bytes));
    return std::memcmp(&uuid, bytes, sizeof(bytes)) == 0;
}

Driver driver;
std::atomic<ULONG> references{0};
std::atomic<bool> initialized{false};

extern AudioServerPlugInDriverInterface* self;

bool is_ours(const void* reference) noexcept {
    return reference == &self;
}

/// The reference is ours and the device exists.
bool is_device(const void* reference, AudioObjectID device) noexcept {
    return is_ours(reference) && device == device_object;
}

ULONG add_reference(void* reference) {
    return is_ours(reference) ? references.fetch_add(1) + 1 : 0;
}

/// coreaudiod never lets go of a driver; a test does, to load it anew.
ULONG release(void* reference) {
    if (!is_ours(reference) || references.load() == 0)
        return 0;
    const ULONG left = references.fetch_sub(1) - 1;
    if (left == 0 && initialized.exchange(false))
        driver.shut_down();
    return left;
}

HRESULT query_interface(void* reference, REFIID uuid, LPVOID* result) {
    if (!is_ours(reference) || result == nullptr)
        return kAudioHardwareBadObjectError;
    if (!equal(uuid, unknown_uuid) && !equal(uuid, interface_uuid)) {
        *result = nullptr;
        return no_interface;
    }
    add_reference(reference);
    *result = &self;
    return 0;
}

OSStatus initialize(AudioServerPlugInDriverRef reference, AudioServerPlugInHostRef host) {
    if (!is_ours(reference))
        return kAudioHardwareBadObjectError;
    if (host == nullptr || initialized.exchange(true))
        return kAudioHardwareIllegalOperationError;
    return driver.initialize(host);
}

OSStatus create_device(AudioServerPlugInDriverRef, CFDictionaryRef, const AudioServerPlugInClientInfo*,
                       AudioObjectID*) {
    return kAudioHardwareUnsupportedOperationError;
}

OSStatus destroy_device(AudioServerPlugInDriverRef, AudioObjectID) {
    return kAudioHardwareUnsupportedOperationError;
}

/// Who the clients are makes no difference: the HAL mixes what they play.
OSStatus know_client(AudioServerPlugInDriverRef reference, AudioObjectID device,
                     const AudioServerPlugInClientInfo*) {
    return is_device(reference, device) ? kAudioHardwareNoError : kAudioHardwareBadObjectError;
}

OSStatus perform_change(AudioServerPlugInDriverRef reference, AudioObjectID device, UInt64 action, void*) {
    return is_device(reference, device) ? driver.perform_change(action) : kAudioHardwareBadObjectError;
}

OSStatus abort_change(AudioServerPlugInDriverRef reference, AudioObjectID device, UInt64 action, void*) {
    return is_device(reference, device) ? driver.abort_change(action) : kAudioHardwareBadObjectError;
}

Boolean has_property(AudioServerPlugInDriverRef reference, AudioObjectID object, pid_t,
                     const AudioObjectPropertyAddress* address) {
    return is_ours(reference) && address != nullptr && driver.has_property(object, *address) ? 1 : 0;
}

OSStatus is_property_settable(AudioServerPlugInDriverRef reference, AudioObjectID object, pid_t,
                              const AudioObjectPropertyAddress* address, Boolean* settable) {
    if (!is_ours(reference))
        return kAudioHardwareBadObjectError;
    if (address == nullptr || settable == nullptr)
        return kAudioHardwareIllegalOperationError;
    return driver.is_settable(object, *address, *settable);
}

OSStatus get_property_data_size(AudioServerPlugInDriverRef reference, AudioObjectID object, pid_t,
                                const AudioObjectPropertyAddress* address, UInt32 qualifier_bytes,
                                const void* qualifier, UInt32* bytes) {
    if (!is_ours(reference))
        return kAudioHardwareBadObjectError;
    if (address == nullptr || bytes == nullptr)
        return kAudioHardwareIllegalOperationError;
    return driver.property_size(object, *address, qualifier_bytes, qualifier, *bytes);
}

OSStatus get_property_data(AudioServerPlugInDriverRef reference, AudioObjectID object, pid_t,
                           const AudioObjectPropertyAddress* address, UInt32 qualifier_bytes,
                           const void* qualifier, UInt32 capacity, UInt32* bytes, void* data) {
    if (!is_ours(reference))
        return kAudioHardwareBadObjectError;
    if (address == nullptr || bytes == nullptr || data == nullptr)
        return kAudioHardwareIllegalOperationError;
    return driver.get_property(object, *address, qualifier_bytes, qualifier, capacity, *bytes, data);
}

OSStatus set_property_data(AudioServerPlugInDriverRef reference, AudioObjectID object, pid_t,
                           const AudioObjectPropertyAddress* address, UInt32 qualifier_bytes,
                           const void* qualifier, UInt32 bytes, const void* data) {
    if (!is_ours(reference))
        return kAudioHardwareBadObjectError;
    if (address == nullptr || data == nullptr)
        return kAudioHardwareIllegalOperationError;
    return driver.set_property(object, *address, qualifier_bytes, qualifier, bytes, data);
}

OSStatus start_io(AudioServerPlugInDriverRef reference, AudioObjectID device, UInt32) {
    return is_device(reference, device) ? driver.start_io() : kAudioHardwareBadObjectError;
}

OSStatus stop_io(AudioServerPlugInDriverRef reference, AudioObjectID device, UInt32) {
    return is_device(reference, device) ? driver.stop_io() : kAudioHardwareBadObjectError;
}

OSStatus get_zero_time_stamp(AudioServerPlugInDriverRef reference, AudioObjectID device, UInt32,
                             Float64* sample_time, UInt64* host_time, UInt64* seed) {
    if (!is_device(reference, device))
        return kAudioHardwareBadObjectError;
    const ZeroTimeStamp stamp = driver.zero_time_stamp();
    *sample_time = stamp.sample_time;
    *host_time = stamp.host_ticks;
    *seed = stamp.seed;
    return kAudioHardwareNoError;
}

OSStatus will_do_io_operation(AudioServerPlugInDriverRef reference, AudioObjectID device, UInt32,
                              UInt32 operation, Boolean* will, Boolean* in_place) {
    if (!is_device(reference, device))
        return kAudioHardwareBadObjectError;
    const bool ours = operation == kAudioServerPlugInIOOperationReadInput ||
                      operation == kAudioServerPlugInIOOperationWriteMix;
    if (will != nullptr)
        *will = ours ? 1 : 0;
    if (in_place != nullptr)
        *in_place = 1;
    return kAudioHardwareNoError;
}

OSStatus frame_io_operation(AudioServerPlugInDriverRef reference, AudioObjectID device, UInt32, UInt32,
                            UInt32, const AudioServerPlugInIOCycleInfo*) {
    return is_device(reference, device) ? kAudioHardwareNoError : kAudioHardwareBadObjectError;
}

OSStatus do_io_operation(AudioServerPlugInDriverRef reference, AudioObjectID device, AudioObjectID stream,
                         UInt32, UInt32 operation, UInt32 frames, const AudioServerPlugInIOCycleInfo* cycle,
                         void* buffer, void*) {
    if (!is_device(reference, device))
        return kAudioHardwareBadObjectError;
    if (buffer == nullptr || cycle == nullptr)
        return kAudioHardwareIllegalOperationError;
    if (operation == kAudioServerPlugInIOOperationReadInput && stream == input_object)
        driver.read_input(cycle->mInputTime.mSampleTime, frames, static_cast<float*>(buffer));
    else if (operation == kAudioServerPlugInIOOperationWriteMix && stream == output_object)
        driver.write_output(cycle->mOutputTime.mSampleTime, frames, static_cast<const float*>(buffer));
    else
        return kAudioHardwareBadObjectError;
    return kAudioHardwareNoError;
}

AudioServerPlugInDriverInterface table = {
    nullptr,
    query_interface,
    add_reference,
    release,
    initialize,
    create_device,
    destroy_device,
    know_client,
    know_client,
    perform_change,
    abort_change,
    has_property,
    is_property_settable,
    get_property_data_size,
    get_property_data,
    set_property_data,
    start_io,
    stop_io,
    get_zero_time_stamp,
    will_do_io_operation,
    frame_io_operation,
    do_io_operation,
    frame_io_operation,
};
AudioServerPlugInDriverInterface* self = &table;

} // namespace
} // namespace tutti::coreaudio

/// Named in Info.plist. A reference that belongs to the caller, or null if something else than a driver is
/// wanted.
extern "C" __attribute__((visibility("default"))) void* TuttiDriverFactory(CFAllocatorRef, CFUUIDRef type) {
    using namespace tutti::coreaudio;
    if (type == nullptr || !equal(CFUUIDGetUUIDBytes(type), type_uuid))
        return nullptr;
    add_reference(&self);
    return &self;
}
