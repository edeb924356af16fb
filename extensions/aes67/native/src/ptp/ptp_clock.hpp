// A PTPv2 clock without sockets and local time: datagrams and times in, datagrams and media time out. It
// follows the best master of all its ports, and if it is allowed to be grandmaster, others may follow it
// while there is nobody better.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ptp/delay_requests.hpp"
#include "ptp/foreign_masters.hpp"
#include "ptp/master_duty.hpp"
#include "ptp/message_rates.hpp"
#include "ptp/own_dataset.hpp"
#include "ptp/peer_responder.hpp"
#include "ptp/ptp_message.hpp"
#include "ptp/ptp_servo.hpp"
#include "ptp/sync_pairing.hpp"
#include "tutti/clock.h"

namespace tutti::aes67::ptp {

enum class DelayMode : uint8_t { multicast, hybrid }; // hybrid: Delay_Req to the master's own address

struct ClockConfig {
    PortIdentity identity; // of the first port; the others count on
    uint16_t ports = 1;    // one for each interface
    uint8_t domain = 0;
    int8_t log_delay_interval = 0; // until the master says its own
    DelayMode delay_mode = DelayMode::multicast;
    uint32_t seed = 1;                            // of the Delay_Req's random times
    std::optional<GrandmasterConfig> grandmaster; // nothing: only follows
};

// Where a message goes. Event messages leave from and to port 319, general ones 320 (IEEE 1588-2008 annex D).
enum class Destination : uint8_t {
    group,      // 224.0.1.129
    peer_group, // 224.0.0.107
    unicast
};

struct Outgoing {
    uint32_t token = 0;    // names it to departed()
    bool is_event = false; // its departure matters
    Destination destination = Destination::group;
    uint32_t address = 0; // if unicast, IPv4, network order
    uint16_t port = 1;    // the one of ours that it leaves by
    std::array<uint8_t, most_message_bytes> bytes{};
    size_t length = 0;
};

struct Incoming {
    std::span<const uint8_t> datagram;
    int64_t received_ns = 0; // local time of its arrival, from the kernel or the NIC
    uint32_t source = 0;     // IPv4, network order
    uint16_t port = 1;       // the one of ours that it came in by
};

struct ClockCounters {
    uint64_t refused = 0;   // datagrams that were no message for a PTPv2 port
    uint64_t ignored = 0;   // management, signaling, other domains, others' answers
    uint64_t announces = 0; // of the followed domain
    uint64_t syncs = 0;     // of the followed master, complete
    uint64_t delay_requests = 0;
    uint64_t delay_responses = 0;
    uint64_t peer_requests = 0; // Pdelay_Req answered
    uint64_t steps = 0;         // declared steps of media time, the first lock included
    // As grandmaster:
    uint64_t announces_sent = 0;
    uint64_t syncs_sent = 0; // with Follow_Up
    uint64_t requests_heard = 0;
    uint64_t responses_sent = 0;
    uint64_t takeovers = 0; // times that we became it
};

// What is shown to people; a plain copy.
struct ClockStatus {
    tutti_clock_state state = tutti_clock_listening;
    uint8_t domain = 0;
    int64_t at_ns = 0; // local time of all this
    PortIdentity identity;
    bool is_grandmaster = false;
    std::optional<Announce> own; // if we may be grandmaster
    std::optional<PortIdentity> master;
    uint16_t master_port = 1;    // the one of ours by which it is measured
    uint32_t master_address = 0; // IPv4, network order
    Announce grandmaster;        // of the master, or of ourselves if we are it
    uint16_t flags = 0;
    std::optional<int64_t> offset_ns; // Servo::offset_ns
    std::optional<double> path_delay_ns;
    double rate_deviation = 0;
    int64_t last_step_ns = 0;
    MessageCount<double> rates;
    int64_t error_ns = -1;
    unsigned unanswered_delay_requests = 0;
    ClockCounters counters;
    std::vector<Candidate> election;
};

// `now` is local time, CLOCK_MONOTONIC ns, and never goes back. Of one thread; but for status() does not
// allocate.
class Clock {
  public:
    // Until it first locks, media time is the free-running line through (now, media_ns).
    Clock(const ClockConfig& config, int64_t now, int64_t media_ns);

    void receive(const Incoming& incoming, int64_t now) noexcept;

    // The next message to send, if one is due. For event messages departed() must follow when the kernel says
    // when it left.
    std::optional<Outgoing> poll(int64_t now) noexcept;
    void departed(uint32_t token, int64_t local_ns) noexcept;

    // Timeouts and the slow motion of the servo: after messages, and ten times a second without.
    void advance(int64_t now) noexcept;
    // When poll() will have something. advance() is the caller's business.
    int64_t due_ns() const noexcept;
    // The network at that port was away: as grandmaster it listens there first, whether there is somebody
    // else by now.
    void listen_again(uint16_t port, int64_t now) noexcept;

    tutti_clock_relation relation() const noexcept;
    ClockStatus status() const;
    const Servo& servo() const noexcept { return servo_; }
    const std::optional<PortIdentity>& master() const noexcept { return master_; }
    // Free-run and holdover of a grandmaster too: others follow the line on which we run or coast.
    tutti_clock_state state() const noexcept;
    unsigned unanswered_delay_requests() const noexcept { return requests_.unanswered(); }
    bool is_grandmaster() const noexcept;

  private:
    struct OwnPort {
        MasterDuty duty;
        int64_t listen_until_ns; // no duty before
    };
    // A master as we hear it: the same one by another port has another path.
    struct Heard {
        PortIdentity master;
        uint16_t port;
        bool operator==(const Heard&) const = default;
    };

    void take(const Header& header, const Announce& announce, const Incoming& incoming, int64_t now) noexcept;
    void take(const Header& header, const Sync& sync, const Incoming& incoming, int64_t now) noexcept;
    void take(const Header& header, const FollowUp& follow_up, const Incoming& incoming,
              int64_t now) noexcept;
    void take(const Header& header, const DelayResp& response, const Incoming& incoming,
              int64_t now) noexcept;
    void take(const Header& header, const DelayReq& request, const Incoming& incoming, int64_t now) noexcept;
    void take(const Header& header, const PdelayReq& request, const Incoming& incoming, int64_t now) noexcept;
    template <typename Other> void take(const Header&, const Other&, const Incoming&, int64_t) noexcept {
        ++counters_.ignored;
    }

    bool is_master(const Header& header, const Incoming& incoming) const noexcept {
        return master_ && header.source == *master_ && incoming.port == master_port_;
    }
    PortIdentity identity_of(uint16_t port) const noexcept;
    void elect(int64_t now) noexcept;
    void follow(const ForeignMasters::Choice& choice, int64_t now) noexcept;
    void follow_nobody(int64_t now) noexcept;
    void measure(const TimePair& pair, int64_t now) noexcept;
    std::optional<Outgoing> next_peer_answer() noexcept;
    std::optional<Outgoing> next_duty(int64_t now) noexcept;
    std::optional<Outgoing> next_delay_request(int64_t now) noexcept;
    MessageCount<uint64_t> message_count() const noexcept;

    const ClockConfig config_;
    std::optional<OwnDataset> own_;
    std::vector<OwnPort> ports_; // [0] is port 1
    MessageRates rates_;
    ForeignMasters masters_;
    Servo servo_;
    DelayRequests requests_;
    SyncPairing pairing_;
    PeerResponder peers_;
    std::optional<PortIdentity> master_;
    uint16_t master_port_ = 1;      // of ours
    std::optional<Heard> measured_; // whose measurements the servo has
    uint32_t master_address_ = 0;
    Announce grandmaster_;
    uint16_t grandmaster_flags_ = 0;
    std::optional<ClockIdentity> timeline_of_; // the grandmaster that media time was last locked to, or we
    ClockCounters counters_;
};

} // namespace tutti::aes67::ptp
