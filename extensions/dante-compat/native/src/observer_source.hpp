// The clock source "ptpv1": media time is that of a Dante network's leader, as it is (seconds since it was
// switched on). Only listens: it sends nothing but the kernel's IGMP joins, and never touches the system's
// clock.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "clock_kit.hpp"
#include "observer.hpp"
#include "observer_options.hpp"
#include "observer_sockets.hpp"
#include "tutti/clock.h"

namespace tutti::dante_compat {

// Publishes once while it is made, then from a thread of its own: after messages, and ten times a second
// without.
class ObserverSource {
  public:
    // [control] `host` may be NULL; it and `context` must outlive the source. Throws std::system_error if no
    // thread can be started. `error`: empty, or a sentence why it cannot run on this machine; the source is
    // then not running. An interface that is not there is no error: it is waited for.
    ObserverSource(const Options& options, tutti_clock_publish_fn publish, void* context,
                   const tutti_host* host, std::string& error);

    // [control] Waits for the thread; nothing is published after.
    ~ObserverSource();

    ObserverSource(const ObserverSource&) = delete;
    ObserverSource& operator=(const ObserverSource&) = delete;

    // [control] The ABI's report, as it was less than a second ago.
    std::string report() const;

  private:
    void run();
    void wait() const noexcept;
    void watch_interface(int64_t now);
    void say_missing(const char* code, const std::string& message);
    void drain() noexcept;
    void publish() const noexcept;
    void say_what_changed();
    void say_leader() const;
    void say_state() const;
    void update_report(int64_t now);
    void log(int severity, const char* code, const std::string& message) const noexcept;

    const Options options_;
    const tutti_clock_publish_fn publish_;
    void* const context_;
    const tutti_host* const host_;

    // Of the constructor, then of thread_.
    std::optional<NetworkInterface> interface_;
    ObserverSockets sockets_;
    StampClock stamps_;
    std::optional<Observer> observer_;
    int64_t next_watch_ns_ = 0;
    int64_t next_report_ns_ = 0;
    bool stamped_ = true;
    bool said_missing_ = false;
    bool said_unstamped_ = false;
    tutti_clock_state said_state_ = tutti_clock_listening;
    uint64_t said_generation_ = 1;
    std::optional<PortId> said_leader_;

    mutable std::mutex mutex_;
    std::string report_; // guarded by mutex_
    WakeUp end_;
    std::thread thread_;
};

// [control] The ABI's table; `host` is where the clock reports from now on, NULL for nowhere.
const tutti_clock_source& observer_clock_source(const tutti_host* host) noexcept;

} // namespace tutti::dante_compat
