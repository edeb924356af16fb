#pragma once
#include "driver_image.hpp"

#include <CoreAudio/AudioServerPlugIn.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

namespace tutti::coreaudio::test {

struct Stamp {
    double sample_time = 0;
    uint64_t host_ticks = 0;
    uint64_t seed = 0;
};

/**
 * Stands in for coreaudiod: loads the driver, is its host, asks for properties, runs IO. Like coreaudiod it
 * performs a configuration change only after IO was stopped, and when the test says so. Throws if the driver
 * refuses what no driver may.
 */
class AudioServer {
  public:
    static constexpr AudioObjectID plug_in = 1;
    static constexpr AudioObjectID device = 2;
    static constexpr AudioObjectID input = 3;
    static constexpr AudioObjectID output = 4;
    /// The device's own account of itself, JSON.
    static constexpr AudioObjectPropertySelector status = 0x74737461; // 'tsta'

    using Storage = std::map<std::string, std::string>;

    /// Loads and initialises the driver, with what a server before this one stored.
    explicit AudioServer(Storage storage = {});
    ~AudioServer();
    AudioServer(const AudioServer&) = delete;
    AudioServer& operator=(const AudioServer&) = delete;

    [[nodiscard]] AudioServerPlugInDriverRef reference() const { return driver_; }
    [[nodiscard]] const AudioServerPlugInDriverInterface& table() const { return **driver_; }

    // Properties.
    [[nodiscard]] bool has(AudioObjectID object, UInt32 selector,
                           UInt32 scope = kAudioObjectPropertyScopeGlobal, UInt32 element = 0) const;
    [[nodiscard]] UInt32 number(AudioObjectID object, UInt32 selector,
                                UInt32 scope = kAudioObjectPropertyScopeGlobal) const;
    [[nodiscard]] std::string text(AudioObjectID object, UInt32 selector,
                                   UInt32 scope = kAudioObjectPropertyScopeGlobal, UInt32 element = 0) const;
    [[nodiscard]] double rate() const;
    [[nodiscard]] AudioStreamBasicDescription format(AudioObjectID stream) const;
    template <typename T>
    [[nodiscard]] std::vector<T> list(AudioObjectID object, UInt32 selector,
                                      UInt32 scope = kAudioObjectPropertyScopeGlobal) const {
        const AudioObjectPropertyAddress address{selector, scope, 0};
        UInt32 bytes = 0;
        table().GetPropertyDataSize(driver_, object, 0, &address, 0, nullptr, &bytes);
        std::vector<T> items(bytes / sizeof(T) + 1); // never empty: a null buffer would be an error
        table().GetPropertyData(driver_, object, 0, &address, 0, nullptr, bytes, &bytes, items.data());
        items.resize(bytes / sizeof(T));
        return items;
    }
    OSStatus set_rate(double rate);

    // IO.
    OSStatus start(UInt32 client = 1);
    OSStatus stop(UInt32 client = 1);
    Stamp stamp(UInt32 client = 1) const;
    /// As the HAL calls it: Begin, Do, End. `sample_time` is where in the device's time the buffer lies.
    OSStatus read(double sample_time, UInt32 frames, float* to, UInt32 client = 1) const;
    OSStatus write(double sample_time, UInt32 frames, const float* from, UInt32 client = 1) const;

    // Configuration changes.
    /// Waits for the driver to ask for one. False after `timeout_ms`.
    bool wait_for_request(int timeout_ms = 20000);
    /// Performs what was asked for. IO must be stopped, as the HAL stops it.
    void perform();
    void abort();
    /// Changes asked for since the server began.
    [[nodiscard]] int requests() const;
    /// Asked for while another was still open: a mistake of the driver.
    [[nodiscard]] int overlapping_requests() const;
    [[nodiscard]] int64_t first_request_ns() const { return first_request_ns_; }

    /// Waits until the driver has announced a change of this property. False after `timeout_ms`.
    bool wait_for_notice(AudioObjectID object, UInt32 selector, int timeout_ms = 20000);
    void forget_notices();
    [[nodiscard]] int notices(AudioObjectID object, UInt32 selector) const;

    [[nodiscard]] Storage storage() const;

  private:
    struct Host {
        AudioServerPlugInHostInterface interface; ///< first: the driver sees only this
        AudioServer* server;
    };
    static AudioServer& of(AudioServerPlugInHostRef host);
    /// A property of exactly this size.
    void get(AudioObjectID object, const AudioObjectPropertyAddress& address, void* value, UInt32 size) const;
    OSStatus do_io(AudioObjectID stream, UInt32 operation, double sample_time, UInt32 frames, void* buffer,
                   UInt32 client) const;

    std::unique_ptr<DriverImage> image_;
    Host host_;
    AudioServerPlugInDriverRef driver_ = nullptr;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    Storage storage_;
    std::map<std::pair<AudioObjectID, UInt32>, int> notices_;
    uint64_t open_request_ = 0;
    int requests_ = 0;
    int overlapping_ = 0;
    int64_t first_request_ns_ = 0;
};

} // namespace tutti::coreaudio::test
