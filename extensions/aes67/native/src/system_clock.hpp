// The clock source "system": media time is the computer's own wall clock.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "clock_pair.hpp"
#include "learned_line.hpp"
#include "system_clock_options.hpp"
#include "tutti/clock.h"
#include "wall_line.hpp"

namespace tutti::aes67 {

// Linux slews local time with wall time, macOS does not.
#ifdef __APPLE__
using SystemLine = LearnedLine;
#else
using SystemLine = WallLine;
#endif

// Publishes once while it is made and then ten times a second from a thread of its own: the line (where it
// needs no steering, the same one again as a sign of life), or a new generation after a step of wall time
// (seen within 0.1 s).
class SystemClock {
  public:
    // [control] `read` reads what options.timescale says. `host` may be NULL; both it and `context` must
    // outlive the clock. Throws std::system_error if no thread can be started.
    SystemClock(std::function<ClockPair()> read, tutti_clock_publish_fn publish, void* context,
                const tutti_host* host, const SystemClockOptions& options = {});

    // [control] Waits for the thread; nothing is published after.
    ~SystemClock();

    // [control] The ABI's JSON.
    std::string report() const;

    SystemClock(const SystemClock&) = delete;
    SystemClock& operator=(const SystemClock&) = delete;

  private:
    void run();
    void publish(int64_t local_ns) const noexcept;
    void report_step(int64_t step_ns) const noexcept;

    const std::function<ClockPair()> read_;
    const tutti_clock_publish_fn publish_;
    void* const context_;
    const tutti_host* const host_;
    const SystemClockOptions options_;
    SystemLine line_; // of the constructor, then of thread_

    std::atomic<uint64_t> steps_{0};
    std::atomic<int64_t> last_step_ns_{0};

    std::mutex mutex_;
    std::condition_variable wake_;
    bool ending_ = false; // guarded by mutex_
    std::thread thread_;
};

// [control] The ABI's table; `host` is where the clock reports steps from now on, NULL for nowhere.
const tutti_clock_source& system_clock_source(const tutti_host* host) noexcept;

} // namespace tutti::aes67
