// A small PTP master on the loopback interface: real sockets, a thread of its own, and a time that is known.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "ptp/ptp_message.hpp"

namespace tutti::aes67::ptp::test {

// One-step, 32 Sync and 8 Announce a second, with user-space timestamps. Its time is CLOCK_REALTIME + offset
// when it begins, and runs with CLOCK_MONOTONIC unless it is told otherwise.
class LoopbackMaster {
  public:
    LoopbackMaster(uint8_t domain, int64_t offset_ns);
    ~LoopbackMaster();
    LoopbackMaster(const LoopbackMaster&) = delete;
    LoopbackMaster& operator=(const LoopbackMaster&) = delete;

    // Empty if it runs.
    const std::string& error() const { return error_; }
    int64_t offset_ns() const { return offset_ns_; }
    static PortIdentity identity();

    // [any] Its time at a CLOCK_MONOTONIC time; sets it forward; makes it run faster by `ppm`; lets it fall
    // silent and speak again.
    int64_t time_at(int64_t local_ns) const;
    void step(int64_t ns);
    void slew(double ppm);
    void set_silent(bool silent) { silent_ = silent; }

    unsigned requests() const { return requests_; }
    // Of the Delay_Req: what IP said.
    int last_ttl() const { return last_ttl_; }
    int last_tos() const { return last_tos_; }

  private:
    int open(uint16_t port, uint32_t address);
    void run();
    void send(int fd, uint16_t port, const Body& body, uint16_t sequence, int8_t log_interval);
    void answer(int fd);

    int64_t time() const;

    const uint8_t domain_;
    const int64_t offset_ns_;
    mutable std::mutex mutex_;
    int64_t origin_local_ns_ = 0; // this and the next two guarded by mutex_
    int64_t origin_time_ns_ = 0;
    double ppm_ = 0;
    std::atomic<bool> silent_{false};
    std::string error_;
    int event_ = -1;
    int own_event_ = -1; // of its own address: a unicast Delay_Req must not be taken by the follower's socket
    int general_ = -1;
    std::atomic<bool> ending_{false};
    std::atomic<unsigned> requests_{0};
    std::atomic<int> last_ttl_{-1};
    std::atomic<int> last_tos_{-1};
    std::thread thread_;
};

} // namespace tutti::aes67::ptp::test
