#include "audio_server.hpp"

#include "core_foundation.hpp"
#include "demand.hpp"
#include "host_clock.hpp"

#include <chrono>

namespace tutti::coreaudio::test {
namespace {

constexpr UInt8 driver_type[16] = {0x44, 0x3A, 0xBA, 0xB8, 0xE7, 0xB3, 0x49, 0x1A,
                                   0xB9, 0x85, 0xBE, 0xB9, 0x18, 0x70, 0x30, 0xDB};

} // namespace

AudioServer& AudioServer::of(AudioServerPlugInHostRef host) {
    return *reinterpret_cast<const Host*>(host)->server;
}

AudioServer::AudioServer(Storage storage) : image_(DriverImage::load()), storage_(std::move(storage)) {
    host_.server = this;
    host_.interface.PropertiesChanged = [](AudioServerPlugInHostRef host, AudioObjectID object, UInt32 count,
                                           const AudioObjectPropertyAddress addresses[]) -> OSStatus {
        AudioServer& server = of(host);
        const std::lock_guard lock(server.mutex_);
        for (UInt32 i = 0; i < count; ++i)
            ++server.notices_[{object, addresses[i].mSelector}];
        server.changed_.notify_all();
        return 0;
    };
    host_.interface.CopyFromStorage = [](AudioServerPlugInHostRef host, CFStringRef key,
                                         CFPropertyListRef* data) -> OSStatus {
        AudioServer& server = of(host);
        const std::lock_guard lock(server.mutex_);
        const auto found = server.storage_.find(core_foundation::text_of(key));
        if (found == server.storage_.end())
            *data = nullptr;
        else if (found->second == "(not a string)")
            *data = core_foundation::make_other();
        else
            *data = core_foundation::make_text(found->second);
        return 0;
    };
    host_.interface.WriteToStorage = [](AudioServerPlugInHostRef host, CFStringRef key,
                                        CFPropertyListRef data) -> OSStatus {
        AudioServer& server = of(host);
        const std::lock_guard lock(server.mutex_);
        server.storage_[core_foundation::text_of(key)] = core_foundation::text_of(data);
        return 0;
    };
    host_.interface.DeleteFromStorage = [](AudioServerPlugInHostRef, CFStringRef) -> OSStatus { return 0; };
    host_.interface.RequestDeviceConfigurationChange = [](AudioServerPlugInHostRef host, AudioObjectID,
                                                          UInt64 action, void*) -> OSStatus {
        AudioServer& server = of(host);
        const std::lock_guard lock(server.mutex_);
        if (server.open_request_ != 0)
            ++server.overlapping_;
        if (server.requests_++ == 0)
            server.first_request_ns_ = host_clock::now_ns();
        server.open_request_ = action;
        server.changed_.notify_all();
        return 0;
    };
    CFUUIDRef type = core_foundation::make_uuid(driver_type);
    driver_ = static_cast<AudioServerPlugInDriverRef>(image_->factory()(nullptr, type));
    CFRelease(reinterpret_cast<CFTypeRef>(type));
    demand(driver_ != nullptr, "the factory made no driver");
    demand(table().Initialize(driver_, &host_.interface) == 0, "the driver did not initialise");
}

AudioServer::~AudioServer() {
    table().Release(driver_);
}

bool AudioServer::has(AudioObjectID object, UInt32 selector, UInt32 scope, UInt32 element) const {
    const AudioObjectPropertyAddress address{selector, scope, element};
    return table().HasProperty(driver_, object, 0, &address) != 0;
}

void AudioServer::get(AudioObjectID object, const AudioObjectPropertyAddress& address, void* value,
                      UInt32 size) const {
    UInt32 bytes = 0;
    const OSStatus status =
        table().GetPropertyData(driver_, object, 0, &address, 0, nullptr, size, &bytes, value);
    demand(status == 0 && bytes == size, "a property of object " + std::to_string(object) + " was refused");
}

UInt32 AudioServer::number(AudioObjectID object, UInt32 selector, UInt32 scope) const {
    const AudioObjectPropertyAddress address{selector, scope, 0};
    UInt32 value = 0;
    get(object, address, &value, sizeof(value));
    return value;
}

std::string AudioServer::text(AudioObjectID object, UInt32 selector, UInt32 scope, UInt32 element) const {
    const AudioObjectPropertyAddress address{selector, scope, element};
    CFStringRef value = nullptr;
    get(object, address, &value, sizeof(value));
    std::string text = core_foundation::text_of(value);
    CFRelease(value);
    return text;
}

double AudioServer::rate() const {
    const auto rates = list<Float64>(device, kAudioDevicePropertyNominalSampleRate);
    demand(rates.size() == 1, "the device has no rate");
    return rates[0];
}

AudioStreamBasicDescription AudioServer::format(AudioObjectID stream) const {
    const auto formats = list<AudioStreamBasicDescription>(stream, kAudioStreamPropertyVirtualFormat);
    demand(formats.size() == 1, "the stream has no format");
    return formats[0];
}

OSStatus AudioServer::set_rate(double rate) {
    const AudioObjectPropertyAddress address{kAudioDevicePropertyNominalSampleRate,
                                             kAudioObjectPropertyScopeGlobal, 0};
    return table().SetPropertyData(driver_, device, 0, &address, 0, nullptr, sizeof(rate), &rate);
}

OSStatus AudioServer::start(UInt32 client) {
    const AudioServerPlugInClientInfo info{client, 100, 1, nullptr};
    table().AddDeviceClient(driver_, device, &info);
    return table().StartIO(driver_, device, client);
}

OSStatus AudioServer::stop(UInt32 client) {
    const OSStatus status = table().StopIO(driver_, device, client);
    const AudioServerPlugInClientInfo info{client, 100, 1, nullptr};
    table().RemoveDeviceClient(driver_, device, &info);
    return status;
}

Stamp AudioServer::stamp(UInt32 client) const {
    Stamp stamp;
    table().GetZeroTimeStamp(driver_, device, client, &stamp.sample_time, &stamp.host_ticks, &stamp.seed);
    return stamp;
}

OSStatus AudioServer::do_io(AudioObjectID stream, UInt32 operation, double sample_time, UInt32 frames,
                            void* buffer, UInt32 client) const {
    AudioServerPlugInIOCycleInfo cycle{};
    cycle.mNominalIOBufferFrameSize = frames;
    cycle.mInputTime.mSampleTime = sample_time;
    cycle.mOutputTime.mSampleTime = sample_time;
    table().BeginIOOperation(driver_, device, client, operation, frames, &cycle);
    const OSStatus status =
        table().DoIOOperation(driver_, device, stream, client, operation, frames, &cycle, buffer, nullptr);
    table().EndIOOperation(driver_, device, client, operation, frames, &cycle);
    return status;
}

OSStatus AudioServer::read(double sample_time, UInt32 frames, float* to, UInt32 client) const {
    return do_io(input, kAudioServerPlugInIOOperationReadInput, sample_time, frames, to, client);
}

OSStatus AudioServer::write(double sample_time, UInt32 frames, const float* from, UInt32 client) const {
    return do_io(output, kAudioServerPlugInIOOperationWriteMix, sample_time, frames, const_cast<float*>(from),
                 client);
}

bool AudioServer::wait_for_request(int timeout_ms) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                             [this] { return open_request_ != 0; });
}

void AudioServer::perform() {
    uint64_t action = 0;
    {
        const std::lock_guard lock(mutex_);
        std::swap(action, open_request_);
    }
    demand(table().PerformDeviceConfigurationChange(driver_, device, action, nullptr) == 0,
           "the driver did not perform the change that it asked for");
}

void AudioServer::abort() {
    uint64_t action = 0;
    {
        const std::lock_guard lock(mutex_);
        std::swap(action, open_request_);
    }
    demand(table().AbortDeviceConfigurationChange(driver_, device, action, nullptr) == 0,
           "the driver did not take that its change was refused");
}

int AudioServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

int AudioServer::overlapping_requests() const {
    const std::lock_guard lock(mutex_);
    return overlapping_;
}

bool AudioServer::wait_for_notice(AudioObjectID object, UInt32 selector, int timeout_ms) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] {
        return notices_.contains({object, selector});
    });
}

void AudioServer::forget_notices() {
    const std::lock_guard lock(mutex_);
    notices_.clear();
}

int AudioServer::notices(AudioObjectID object, UInt32 selector) const {
    const std::lock_guard lock(mutex_);
    const auto found = notices_.find({object, selector});
    return found == notices_.end() ? 0 : found->second;
}

AudioServer::Storage AudioServer::storage() const {
    const std::lock_guard lock(mutex_);
    return storage_;
}

} // namespace tutti::coreaudio::test
