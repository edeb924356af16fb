// The clock source "ptp": media time is that of the best master on the network, as it is (TAI, or seconds
// since a Dante master was switched on). It answers as a master only in grandmaster mode while there is
// nobody better, and never touches the system's clock.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "ptp/card_stamps.hpp"
#include "ptp/ptp_clock.hpp"
#include "ptp/ptp_options.hpp"
#include "ptp/ptp_report.hpp"
#include "ptp/ptp_sockets.hpp"
#include "ptp/stamp_clock.hpp"
#include "tutti/clock.h"
#include "wake_up.hpp"

namespace tutti::aes67::ptp {

// Publishes once while it is made, then from a thread of its own: after messages, and ten times a second
// without.
class PtpSource {
  public:
    // [control] `host` may be NULL; it and `context` must outlive the source. Throws std::system_error if no
    // thread can be started. `error`: empty, or a sentence why PTP cannot run on this machine; the source is
    // then not running. An interface that is not there is no error: it is waited for.
    PtpSource(const Options& options, tutti_clock_publish_fn publish, void* context, const tutti_host* host,
              std::string& error);

    // [control] Waits for the thread; nothing is published after.
    ~PtpSource();

    PtpSource(const PtpSource&) = delete;
    PtpSource& operator=(const PtpSource&) = delete;

    // [control] As it was less than a second ago; report() as JSON.
    ClockStatus status() const;
    std::string report() const;

  private:
    // An interface and our port there.
    struct Link {
        std::string wanted; // as Options::interfaces has it
        uint16_t port;
        std::optional<Interface> interface;
        Sockets sockets;
        CardStamps card;
        std::string without_card; // why the card's stamps are not used
        bool said_missing = false;
    };

    void run();
    void listen() noexcept;
    void wait(int64_t now) noexcept;
    void watch_interfaces(int64_t now);
    void watch(Link& link, int64_t now);
    std::string open(Link& link);
    void leave_card(Link& link, const char* because);
    void drain(Link& link) noexcept;
    std::optional<int64_t> arrival(Link& link, const Stamp& stamp) noexcept;
    std::optional<int64_t> departure(Link& link, const Stamp& stamp) noexcept;
    void receive(const Datagram& datagram, int64_t received_ns) noexcept;
    bool is_unplugged(Link& link) noexcept;
    void take_departures(Link& link) noexcept;
    void send_due() noexcept;
    void publish() const noexcept;
    void tell_changes();
    void tell_role();
    void tell_step();
    void remember();
    void report_stamps(StampKind kind, const char* of) noexcept;
    void log(int severity, const char* code, const std::string& message) const noexcept;

    const Options options_;
    const tutti_clock_publish_fn publish_;
    void* const context_;
    const tutti_host* const host_;

    // Of the constructor, then of thread_.
    std::deque<Link> links_; // sockets do not move
    StampClock stamps_;
    std::optional<Clock> clock_;
    int64_t next_watch_ns_ = 0;
    int64_t next_report_ns_ = 0;
    bool said_user_stamps_ = false;
    bool said_unanswered_ = false;
    tutti_clock_state said_state_ = tutti_clock_listening;
    uint64_t said_generation_ = 1;
    std::optional<PortIdentity> said_master_;
    bool said_grandmaster_ = false;

    mutable std::mutex mutex_;
    PtpReport remembered_; // guarded by mutex_
    WakeUp end_;
    std::thread thread_;
};

// [control] The ABI's table; `host` is where the clock reports from now on, NULL for nowhere.
const tutti_clock_source& ptp_clock_source(const tutti_host* host) noexcept;

} // namespace tutti::aes67::ptp
