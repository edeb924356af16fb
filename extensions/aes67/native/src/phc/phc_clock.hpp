// The clock source "phc": media time is that of a PTP hardware clock, which ptp4l or the network keeps.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "named_grandmaster.hpp"
#include "ptp/ptp_servo.hpp"
#include "tutti/clock.h"
#include "wall_line.hpp"

namespace tutti::aes67::phc {

// Reads the clock 16 times a second from a thread of its own and publishes each time. Its rate is learned as
// a master's is: the line never jumps while it is locked, a clock that is set is one declared step, and one
// that does not answer any more is held over.
class PhcClock {
  public:
    // Nothing if the clock does not answer.
    using Read = std::function<std::optional<ClockPair>()>;
    // Opens anew what Read reads: its name, for people, or nothing if it is not there. Called once a second
    // while the clock does not answer: a driver that was loaded anew answers nobody who had opened it before.
    using Reopen = std::function<std::optional<std::string>()>;

    // [control] `name`: for people. `host` may be NULL; it and `context` must outlive the clock. Throws
    // std::system_error if no thread can be started.
    PhcClock(Read read, Reopen reopen, std::string name, const NamedGrandmaster& grandmaster,
             tutti_clock_publish_fn publish, void* context, const tutti_host* host);
    // [control] Waits for the thread; nothing is published after.
    ~PhcClock();
    PhcClock(const PhcClock&) = delete;
    PhcClock& operator=(const PhcClock&) = delete;

    // [control] The ABI's JSON.
    std::string report() const;

  private:
    struct Facts {
        uint64_t readings = 0;
        uint64_t missed = 0;
        uint64_t steps = 0;
        int64_t last_step_ns = 0;
        int64_t bracket_ns = 0;
        std::optional<int64_t> offset_ns;
        double rate = 0;
    };

    void run();
    void look();
    std::optional<ClockPair> read();
    void publish(int64_t now) const noexcept;
    void tell_changes();

    const Read read_;
    const Reopen reopen_;
    const NamedGrandmaster grandmaster_;
    const tutti_clock_publish_fn publish_;
    void* const context_;
    const tutti_host* const host_;

    // Of the constructor, then of thread_.
    ptp::Servo servo_;
    int64_t bracket_ns_ = 0; // half of it, of the last reading
    bool answers_ = true;
    unsigned unanswered_ = 0; // readings in a row
    uint64_t said_generation_ = 1;

    mutable std::mutex mutex_;
    Facts facts_;      // guarded by mutex_
    std::string name_; // guarded by mutex_ where another thread is: of thread_, report() reads it
    std::condition_variable wake_;
    bool ending_ = false; // guarded by mutex_
    std::thread thread_;
};

// [control] The ABI's table; `host` is where the clock reports from now on, NULL for nowhere.
const tutti_clock_source& phc_clock_source(const tutti_host* host) noexcept;

} // namespace tutti::aes67::phc
