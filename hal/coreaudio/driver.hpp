#pragma once
#include "configuration_changes.hpp"
#include "device.hpp"
#include "device_clock.hpp"
#include "engine_link.hpp"
#include "host_time.hpp"
#include "property_table.hpp"
#include "region_slots.hpp"

#include <CoreAudio/AudioServerPlugIn.h>

#include <pthread.h>

namespace tutti::coreaudio {

/**
 * The driver: one device whose samples come from and go to the device region. Its functions are those of the
 * AudioServerPlugIn interface, with errors as the HAL knows them; plug_in.cpp is the C table in front of it.
 *
 * Threads: [hal] calls of the HAL that may wait, from any thread; [audio] its real-time threads, several at
 * once; [link] the thread that talks with the engine. [hal] and [link] share a lock, which is never held
 * while the HAL is called; [audio] takes no lock, allocates nothing and makes no system call.
 *
 * A global object without constructor or destructor code: its memory is what it is when the bundle is loaded.
 */
class Driver {
  public:
    // [hal]
    OSStatus initialize(AudioServerPlugInHostRef host) noexcept;
    /// Ends the link and gives all regions back. No IO runs.
    void shut_down() noexcept;
    OSStatus perform_change(UInt64 action) noexcept;
    OSStatus abort_change(UInt64 action) noexcept;
    bool has_property(AudioObjectID object, const AudioObjectPropertyAddress& address) noexcept;
    OSStatus is_settable(AudioObjectID object, const AudioObjectPropertyAddress& address,
                         Boolean& settable) noexcept;
    OSStatus property_size(AudioObjectID object, const AudioObjectPropertyAddress& address,
                           UInt32 qualifier_bytes, const void* qualifier, UInt32& bytes) noexcept;
    OSStatus get_property(AudioObjectID object, const AudioObjectPropertyAddress& address,
                          UInt32 qualifier_bytes, const void* qualifier, UInt32 capacity, UInt32& bytes,
                          void* data) noexcept;
    OSStatus set_property(AudioObjectID object, const AudioObjectPropertyAddress& address,
                          UInt32 qualifier_bytes, const void* qualifier, UInt32 bytes,
                          const void* data) noexcept;
    OSStatus start_io() noexcept;
    OSStatus stop_io() noexcept;

    // [audio]
    ZeroTimeStamp zero_time_stamp() noexcept;
    void read_input(double sample_time, UInt32 frames, float* to) noexcept;
    void write_output(double sample_time, UInt32 frames, const float* from) noexcept;

  private:
    class Lock;

    // [link]
    static bool on_message(void* context, const void* message, std::size_t bytes, void* memory,
                           std::size_t memory_bytes, bool& hang_up) noexcept;
    bool take_device(const tutti_link_device& message, void* memory, std::size_t memory_bytes) noexcept;
    void describe(const tutti_link_device& message) noexcept;
    void on_gone() noexcept;
    void on_tick() noexcept;

    void follow_engine(int64_t now_ns) noexcept;
    void ask_for_change() noexcept;
    void apply(const Configuration& configuration) noexcept;
    void notify(AudioObjectID object, const AudioObjectPropertyAddress* addresses, UInt32 count) noexcept;
    OSStatus answer(AudioObjectID object, const AudioObjectPropertyAddress& address, UInt32 qualifier_bytes,
                    const void* qualifier, PropertyWriter& to, bool& list) noexcept;
    /// The region, if it is of the device's rate and its engine lives.
    const hal::RegionView* usable(const RegionSlots::Use& use, int64_t now_ns) const noexcept;

    AudioServerPlugInHostRef host_ = nullptr;
    HostTime time_;
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;

    // Guarded by mutex_.
    Device device_;
    ConfigurationChanges changes_;
    Configuration engine_configuration_;
    bool engine_known_ = false;
    int64_t wish_until_ns_ = 0; ///< until then, a rate that somebody chose here outranks the engine's

    // Shared with [audio].
    RegionSlots regions_;
    DeviceClock clock_;
    std::atomic<uint32_t> io_rate_{48000};
    std::atomic<uint32_t> io_inputs_{TUTTI_REGION_MAX_CHANNELS};
    std::atomic<uint32_t> io_outputs_{TUTTI_REGION_MAX_CHANNELS};
};

} // namespace tutti::coreaudio
