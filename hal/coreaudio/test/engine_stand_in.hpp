#pragma once
#include "tutti/device_link.h"

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tutti::coreaudio::test {

/// A 24-bit sample that is another one for every index and channel; never 0.
float test_sample(int64_t index, uint32_t channel);

/**
 * The engine's end of the link, and a region whose contents the test decides. What the region says of time is
 * set by `publish`, once for each step of the test's clock.
 */
class EngineStandIn {
  public:
    /// Listens at the path that the driver knows (TUTTI_DEVICE_SOCKET), for this process.
    EngineStandIn();
    ~EngineStandIn();
    EngineStandIn(const EngineStandIn&) = delete;
    EngineStandIn& operator=(const EngineStandIn&) = delete;

    /// Makes a new region and hands it to whoever is or will be connected.
    void make_region(uint32_t rate = 48000, uint32_t inputs = 128, uint32_t outputs = 128);
    /// The same, before anybody gets it: the test spoils its header.
    void make_region_only(uint32_t rate = 48000, uint32_t inputs = 128, uint32_t outputs = 128);
    /// Sends the description (again), as it is now.
    void describe();
    /// To be changed before there is a driver.
    tutti_link_device& description() { return description_; }
    /// Changes it, also while a driver may be getting it; `describe` says so to those that have it.
    void change(const std::function<void(tutti_link_device&)>& how);
    /// Sends something that is no message.
    void send_garbage(std::size_t bytes);
    /// As an engine that dies: the connection ends, the region stays as it is.
    void die();
    void come_back();
    /// As another user's engine, which drivers must not trust. Root only.
    void come_back_as(uid_t user);

    /// The line on which media time lies: at local time `local_ns` it was `media_ns`.
    void set_line(int64_t local_ns, int64_t media_ns, double deviation);
    /// Media time jumps.
    void step(int64_t ns);
    /// From `local_ns` on media time runs at another rate, without a jump: a clock that coasts or is slewed.
    void bend(int64_t local_ns, double deviation);
    /// TUTTI_CLOCK_*; locked unless something else is said.
    void set_clock_state(uint32_t state) { line_.state = state; }
    /// What an engine's cycle publishes: line, horizon, floor, heartbeat.
    void publish(int64_t local_ns);
    [[nodiscard]] int64_t index_at(int64_t local_ns) const;

    void fill_inputs(int64_t from, int64_t to);
    [[nodiscard]] float* input(int64_t index) const;
    [[nodiscard]] float* output(int64_t index) const;
    [[nodiscard]] tutti_region_header& header() const { return *static_cast<tutti_region_header*>(memory_); }

    /// Waits until a driver has said hello this often. False after twenty seconds.
    bool wait_for_hello(int count = 1);
    [[nodiscard]] int hellos() const { return hellos_; }
    /// The last rate that the driver asked for; 0 for none.
    [[nodiscard]] uint32_t wanted_rate() const { return wanted_; }

  private:
    void listen();
    void serve();
    void hand_over(int connection);
    void free_region();
    [[nodiscard]] int64_t media_at(int64_t local_ns) const;

    std::string path_;
    int listener_ = -1;
    int wake_ = -1;
    std::thread thread_;
    std::atomic<bool> stopping_{false};
    std::atomic<int> hellos_{0};
    std::atomic<uint32_t> wanted_{0};

    mutable std::mutex mutex_;
    std::vector<int> connections_;
    int region_fd_ = -1;
    void* memory_ = nullptr;
    uint64_t bytes_ = 0;
    uint32_t ring_frames_ = 0;
    tutti_link_device description_{};
    tutti_region_clock line_{};
};

} // namespace tutti::coreaudio::test
