// A PTPv1 observer without sockets and clocks: datagrams and times in, media time out. It never answers, so
// it never learns how long a Sync was on its way.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "clock_kit.hpp"
#include "follow_up_pairing.hpp"
#include "leader_table.hpp"
#include "message_rate.hpp"
#include "presence.hpp"
#include "tutti/clock.h"
#include "v1_message.hpp"

namespace tutti::dante_compat {

struct ObserverConfig {
    uint8_t subdomain = 0;                // index into subdomain_names
    std::optional<int64_t> path_delay_ns; // as somebody measured it, who vouches for it
};

struct Incoming {
    std::span<const uint8_t> datagram;
    int64_t received_ns = 0; // local time of its arrival, from the kernel
    uint32_t source = 0;     // IPv4, network order
};

struct ObserverCounters {
    uint64_t refused = 0;  // datagrams that were no PTPv1 message
    uint64_t unlisted = 0; // Syncs of leaders that there was no room for
    uint64_t syncs = 0;    // all of these in the observed subdomain
    uint64_t follow_ups = 0;
    uint64_t delay_requests = 0;
    uint64_t delay_responses = 0;
    uint64_t pairs = 0; // of the followed leader, that told the time
    uint64_t leader_changes = 0;
};

// What is shown to people; a plain copy.
struct ObserverStatus {
    tutti_clock_state state = tutti_clock_listening;
    int64_t at_ns = 0; // local time of this status
    ObserverConfig config;
    std::optional<Leader> followed;
    std::vector<Leader> leaders; // heard in the last minute, all subdomains
    double sync_rate = 0;        // messages a second
    double delay_request_rate = 0;
    double delay_response_rate = 0;
    size_t followers = 0; // other clocks that ask for the time
    double rate_deviation = 0;
    std::optional<int64_t> offset_ns; // media time minus the leader's, as last measured
    int64_t error_ns = -1;
    uint64_t steps = 0;
    int64_t last_step_ns = 0;
    ObserverCounters counters;
};

// `now` is local time, CLOCK_MONOTONIC ns, and never goes back. Of one thread; but for status() does not
// allocate.
class Observer {
  public:
    // What an unmeasured one-way path adds on a wired LAN: switches store and forward at some 1 to 15 us
    // each, and a NIC may gather packets for up to 50 us before the kernel stamps them. Assumed to be 0 with
    // this as its bound.
    static constexpr int64_t unknown_delay_ns = 100'000;

    // Until it first locks, media time is the free-running line through (now, media_ns).
    Observer(const ObserverConfig& config, int64_t now, int64_t media_ns) noexcept;

    void receive(const Incoming& incoming, int64_t now) noexcept;
    // Timeouts and the slow motion of the servo: after messages, and ten times a second without.
    void advance(int64_t now) noexcept;

    tutti_clock_relation relation() const noexcept;
    ObserverStatus status(int64_t now);
    const Servo& servo() const noexcept { return servo_; }
    // Nothing if none is heard.
    const std::optional<PortId>& followed() const noexcept { return followed_; }
    // Estimated error with the unknown delay in it; -1 while nothing is known.
    int64_t error_ns() const noexcept;

  private:
    void take(const Header& header, const Sync& sync, const Incoming& incoming, int64_t now) noexcept;
    void take(const Header& header, const DelayReq& request, const Incoming& incoming, int64_t now) noexcept;
    void take(const Header& header, const FollowUp& follow_up, const Incoming& incoming,
              int64_t now) noexcept;
    void take(const Header& header, const DelayResp& response, const Incoming& incoming,
              int64_t now) noexcept;
    void measure(const std::optional<TimePair>& pair, int64_t now) noexcept;
    void elect(int64_t now) noexcept;
    void follow(const Leader* leader) noexcept;
    bool is_followed(const Header& header) const noexcept { return followed_ && header.source == *followed_; }

    const ObserverConfig config_;
    const Subdomain subdomain_;
    LeaderTable leaders_;
    Presence presence_;
    FollowUpPairing pairing_;
    Servo servo_;
    std::optional<PortId> followed_;
    std::optional<PortId> measured_;  // whose measurements the servo has
    std::optional<Uuid> timeline_of_; // the grandmaster that media time was last locked to
    std::optional<int64_t> offset_ns_;
    MessageRate sync_rate_;
    MessageRate delay_request_rate_;
    MessageRate delay_response_rate_;
    ObserverCounters counters_;
};

} // namespace tutti::dante_compat
