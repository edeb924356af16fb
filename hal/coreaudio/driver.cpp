#include "driver.hpp"

#include "stored_configuration.hpp"

#include "client/region_reader.hpp"
#include "client/region_writer.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace tutti::coreaudio {
namespace {

/// An engine that has not run a cycle for so long is gone: silence, until it is back.
constexpr int64_t heartbeat_limit_ns = 1'000'000'000;
/// How long the engine may take to follow a rate that somebody chose here.
constexpr int64_t wish_ns = 5'000'000'000;
constexpr int64_t any_index = INT64_MAX / 2;

constexpr AudioObjectPropertyAddress global(AudioObjectPropertySelector selector) {
    return {selector, kAudioObjectPropertyScopeGlobal, kAudioObjectPropertyElementMain};
}

} // namespace

class Driver::Lock {
  public:
    explicit Lock(Driver& driver) noexcept : mutex_(driver.mutex_) { pthread_mutex_lock(&mutex_); }
    ~Lock() { pthread_mutex_unlock(&mutex_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

  private:
    pthread_mutex_t& mutex_;
};

OSStatus Driver::initialize(AudioServerPlugInHostRef host) noexcept {
    host_ = host;
    time_.read_timebase();
    Configuration stored;
    const bool known = stored_configuration::load(host_, stored);
    {
        const Lock lock(*this);
        if (known)
            device_.configuration = stored;
        changes_.begin(time_.now_ns());
        apply(device_.configuration);
        clock_.restart(device_.configuration.rate, time_.now_ns(), time_);
    }
    LinkHandler handler;
    handler.context = this;
    handler.on_message = on_message;
    handler.on_gone = [](void* context) { static_cast<Driver*>(context)->on_gone(); };
    handler.on_tick = [](void* context) { static_cast<Driver*>(context)->on_tick(); };
    // Without a link the device is there all the same, silent.
    engine_link::start(handler);
    return kAudioHardwareNoError;
}

void Driver::shut_down() noexcept {
    engine_link::stop();
    regions_.clear();
}

OSStatus Driver::perform_change(UInt64 action) noexcept {
    Configuration now_in_force;
    bool announce = false;
    {
        const Lock lock(*this);
        const Configuration before = device_.configuration;
        if (!changes_.perform(action, device_.configuration))
            return kAudioHardwareNoError;
        now_in_force = device_.configuration;
        apply(now_in_force);
        // Another latency leaves the timeline what it was.
        if (!now_in_force.differs_in_latency_only(before))
            clock_.restart(now_in_force.rate, time_.now_ns(), time_);
        if (wish_until_ns_ != 0) {
            announce = !engine_known_ || engine_configuration_.rate != now_in_force.rate;
            wish_until_ns_ = announce ? time_.now_ns() + wish_ns : 0;
        }
    }
    stored_configuration::store(host_, now_in_force);
    if (announce)
        engine_link::send(
            {TUTTI_LINK_ABI, TUTTI_LINK_WANTED, now_in_force.rate, static_cast<uint32_t>(getpid())});
    return kAudioHardwareNoError;
}

OSStatus Driver::abort_change(UInt64 action) noexcept {
    const Lock lock(*this);
    changes_.abort(action, time_.now_ns());
    return kAudioHardwareNoError;
}

/// The configuration is in force from here on. With the lock.
void Driver::apply(const Configuration& configuration) noexcept {
    io_rate_.store(configuration.rate);
    io_inputs_.store(configuration.inputs);
    io_outputs_.store(configuration.outputs);
}

bool Driver::has_property(AudioObjectID object, const AudioObjectPropertyAddress& address) noexcept {
    const Lock lock(*this);
    return device_.has_object(object) && find_property(device_, object, address) != nullptr;
}

OSStatus Driver::is_settable(AudioObjectID object, const AudioObjectPropertyAddress& address,
                             Boolean& settable) noexcept {
    const Lock lock(*this);
    if (!device_.has_object(object))
        return kAudioHardwareBadObjectError;
    const PropertyRow* row = find_property(device_, object, address);
    if (row == nullptr)
        return kAudioHardwareUnknownPropertyError;
    settable = row->read != nullptr ? 1 : 0;
    return kAudioHardwareNoError;
}

OSStatus Driver::answer(AudioObjectID object, const AudioObjectPropertyAddress& address,
                        UInt32 qualifier_bytes, const void* qualifier, PropertyWriter& to,
                        bool& list) noexcept {
    const Lock lock(*this);
    if (!device_.has_object(object))
        return kAudioHardwareBadObjectError;
    const PropertyRow* row = find_property(device_, object, address);
    if (row == nullptr)
        return kAudioHardwareUnknownPropertyError;
    row->write({device_, object, address, qualifier_bytes, qualifier}, to);
    list = row->shape == PropertyRow::list;
    return kAudioHardwareNoError;
}

OSStatus Driver::property_size(AudioObjectID object, const AudioObjectPropertyAddress& address,
                               UInt32 qualifier_bytes, const void* qualifier, UInt32& bytes) noexcept {
    PropertyWriter count;
    bool list = false;
    const OSStatus status = answer(object, address, qualifier_bytes, qualifier, count, list);
    if (status == kAudioHardwareNoError)
        bytes = count.bytes();
    return status;
}

OSStatus Driver::get_property(AudioObjectID object, const AudioObjectPropertyAddress& address,
                              UInt32 qualifier_bytes, const void* qualifier, UInt32 capacity, UInt32& bytes,
                              void* data) noexcept {
    PropertyWriter writer(data, capacity);
    bool list = false;
    const OSStatus status = answer(object, address, qualifier_bytes, qualifier, writer, list);
    if (status != kAudioHardwareNoError)
        return status;
    if (writer.full() && !list)
        return kAudioHardwareBadPropertySizeError;
    bytes = writer.bytes();
    return kAudioHardwareNoError;
}

OSStatus Driver::set_property(AudioObjectID object, const AudioObjectPropertyAddress& address,
                              UInt32 qualifier_bytes, const void* qualifier, UInt32 bytes,
                              const void* data) noexcept {
    bool activity = false;
    {
        const Lock lock(*this);
        if (!device_.has_object(object))
            return kAudioHardwareBadObjectError;
        const PropertyRow* row = find_property(device_, object, address);
        if (row == nullptr)
            return kAudioHardwareUnknownPropertyError;
        if (row->read == nullptr)
            return kAudioHardwareIllegalOperationError;
        PropertyRequest request;
        const OSStatus status =
            row->read({device_, object, address, qualifier_bytes, qualifier}, data, bytes, request);
        if (status != kAudioHardwareNoError)
            return status;
        if (request.kind == PropertyRequest::rate) {
            const int64_t now = time_.now_ns();
            wish_until_ns_ = now + wish_ns;
            changes_.want(device_.configuration.at_rate(static_cast<uint32_t>(request.value)), now);
        } else {
            bool& active = object == input_object ? device_.input_active : device_.output_active;
            activity = active != (request.value != 0);
            active = request.value != 0;
        }
    }
    if (activity) {
        const AudioObjectPropertyAddress changed[] = {global(kAudioStreamPropertyIsActive)};
        notify(object, changed, 1);
    }
    ask_for_change();
    return kAudioHardwareNoError;
}

/// The first client finds a timeline that went on meanwhile.
OSStatus Driver::start_io() noexcept {
    bool first = false;
    {
        const Lock lock(*this);
        first = device_.running.fetch_add(1) == 0;
        if (first)
            clock_.resume(time_.now_ns());
    }
    if (first) {
        const AudioObjectPropertyAddress changed[] = {global(kAudioDevicePropertyDeviceIsRunning)};
        notify(device_object, changed, 1);
    }
    return kAudioHardwareNoError;
}

OSStatus Driver::stop_io() noexcept {
    bool last = false;
    {
        const Lock lock(*this);
        if (device_.running.load() == 0)
            return kAudioHardwareIllegalOperationError;
        last = device_.running.fetch_sub(1) == 1;
    }
    if (last) {
        const AudioObjectPropertyAddress changed[] = {global(kAudioDevicePropertyDeviceIsRunning)};
        notify(device_object, changed, 1);
    }
    return kAudioHardwareNoError;
}

ZeroTimeStamp Driver::zero_time_stamp() noexcept {
    const RegionSlots::Use use(regions_);
    const int64_t now = time_.now_ns();
    clock_.follow(usable(use, now), use.id(), now, time_);
    return clock_.zero_time_stamp();
}

const hal::RegionView* Driver::usable(const RegionSlots::Use& use, int64_t now_ns) const noexcept {
    const hal::RegionView* region = use.view();
    if (region == nullptr || region->geometry().rate != io_rate_.load(std::memory_order_relaxed))
        return nullptr;
    const int64_t age = now_ns - region->heartbeat();
    return age < heartbeat_limit_ns && age > -heartbeat_limit_ns ? region : nullptr;
}

void Driver::read_input(double sample_time, UInt32 frames, float* to) noexcept {
    const RegionSlots::Use use(regions_);
    const int64_t now = time_.now_ns();
    const hal::RegionView* region = usable(use, now);
    clock_.follow(region, use.id(), now, time_);
    const uint32_t channels = io_inputs_.load(std::memory_order_relaxed);
    int64_t index = 0;
    if (region == nullptr || !clock_.ring_index(sample_time, index)) {
        std::memset(to, 0, static_cast<std::size_t>(frames) * channels * sizeof(float));
        return;
    }
    // The HAL asks for the past only: the safety offset keeps it off the present.
    const auto result = hal::RegionReader(*region).read(index, frames, 0, channels, any_index, to);
    const int64_t missing = result.lost + result.silent;
    if (missing > 0)
        device_.input_missing.fetch_add(static_cast<uint64_t>(missing), std::memory_order_relaxed);
}

void Driver::write_output(double sample_time, UInt32 frames, const float* from) noexcept {
    const RegionSlots::Use use(regions_);
    const int64_t now = time_.now_ns();
    const hal::RegionView* region = usable(use, now);
    clock_.follow(region, use.id(), now, time_);
    int64_t index = 0;
    int64_t dropped = frames;
    if (region != nullptr && clock_.ring_index(sample_time, index)) {
        const uint32_t channels = io_outputs_.load(std::memory_order_relaxed);
        dropped = hal::RegionWriter(*region).write(index, frames, 0, channels, from);
    }
    if (dropped > 0)
        device_.output_dropped.fetch_add(static_cast<uint64_t>(dropped), std::memory_order_relaxed);
}

bool Driver::on_message(void* context, const void* message, std::size_t bytes, void* memory,
                        std::size_t memory_bytes, bool& hang_up) noexcept {
    const auto* device = static_cast<const tutti_link_device*>(message);
    if (bytes != sizeof(*device) || device->abi != TUTTI_LINK_ABI || device->kind != TUTTI_LINK_DEVICE) {
        hang_up = true;
        return false;
    }
    return static_cast<Driver*>(context)->take_device(*device, memory, memory_bytes);
}

bool Driver::take_device(const tutti_link_device& message, void* memory, std::size_t memory_bytes) noexcept {
    bool taken = false;
    if (memory != nullptr && memory_bytes >= sizeof(tutti_region_header) &&
        !regions_.holds(message.region_id)) {
        tutti_region_header header;
        std::memcpy(&header, memory, sizeof(header));
        hal::RegionGeometry geometry;
        if (!hal::find_defect(header, memory_bytes, geometry))
            taken = regions_.replace(memory, memory_bytes, geometry, message.region_id);
    }
    describe(message);
    ask_for_change();
    return taken;
}

/// Takes over what the engine says of the device, and tells the HAL what is different.
void Driver::describe(const tutti_link_device& message) noexcept {
    ChangedProperties changed;
    {
        const Lock lock(*this);
        device_.description.take(message, device_.configuration, changed);
        if (!device_.connected.exchange(true))
            changed.add(status_property);
        const Configuration said{message.rate,
                                 message.inputs,
                                 message.outputs,
                                 message.safety,
                                 std::min(message.input_latency, Configuration::most_latency),
                                 std::min(message.output_latency, Configuration::most_latency)};
        if (said.is_sound()) {
            engine_configuration_ = said;
            engine_known_ = true;
        }
        follow_engine(time_.now_ns());
    }
    if (changed.count() > 0)
        notify(device_object, changed.addresses(), changed.count());
}

/// The engine says what the device is like, unless somebody has just chosen another rate here and it has not
/// had the time to follow. With the lock.
void Driver::follow_engine(int64_t now_ns) noexcept {
    if (!engine_known_ || !device_.connected.load())
        return;
    if (now_ns < wish_until_ns_ && engine_configuration_.rate != device_.configuration.rate)
        return;
    if (now_ns >= wish_until_ns_)
        wish_until_ns_ = 0;
    if (wish_until_ns_ == 0)
        changes_.want(engine_configuration_, now_ns);
}

void Driver::on_gone() noexcept {
    if (!device_.connected.exchange(false))
        return; // it never came to a conversation
    const AudioObjectPropertyAddress changed[] = {global(status_property)};
    notify(device_object, changed, 1);
}

void Driver::on_tick() noexcept {
    regions_.collect();
    {
        const Lock lock(*this);
        follow_engine(time_.now_ns());
    }
    ask_for_change();
}

void Driver::ask_for_change() noexcept {
    uint64_t action = 0;
    {
        const Lock lock(*this);
        action = changes_.due(device_.configuration, time_.now_ns());
    }
    if (action == 0)
        return;
    const OSStatus status = host_->RequestDeviceConfigurationChange(host_, device_object, action, nullptr);
    if (status != kAudioHardwareNoError)
        abort_change(action);
}

void Driver::notify(AudioObjectID object, const AudioObjectPropertyAddress* addresses,
                    UInt32 count) noexcept {
    host_->PropertiesChanged(host_, object, count, addresses);
}

} // namespace tutti::coreaudio
