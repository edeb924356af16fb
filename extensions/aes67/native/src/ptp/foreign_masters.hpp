// Every master that is heard, on every domain, and which of them to follow (IEEE 1588-2008 s.9.3.2).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ptp/bmca.hpp"
#include "ptp/ptp_message.hpp"

namespace tutti::aes67::ptp {

// Why a master that was heard is or is not the one that is followed.
enum class Standing : uint8_t {
    followed,
    outvoted, // lost by `criterion` to the followed one, or to ourselves
    other_domain,
    unqualified, // fewer than 2 Announce in the last 4 intervals, so far
    silent,      // announced once, not any more
    invalid      // stepsRemoved of 255 or more, or alternateMaster
};

// Where a message came from.
struct Place {
    uint16_t port = 1;    // the one of ours that it came in by
    uint32_t address = 0; // of the sender, IPv4, network order
};

// One line of the election table: who is heard by two of our ports has two.
struct Candidate {
    uint8_t domain = 0;
    PortIdentity sender;
    Place place;
    uint16_t flags = 0; // of its last Announce
    Announce announce;
    int8_t log_announce_interval = 1;
    uint64_t announces = 0;
    int64_t last_heard_ns = 0;
    Standing standing = Standing::unqualified;
    Criterion criterion = Criterion::receiver; // if outvoted
};

// Bounded: a flood of invented masters fills the table, and neither grows it nor displaces who is followed,
// nor who is qualified but by somebody better. Times are local ns. Of one thread.
class ForeignMasters {
  public:
    static constexpr size_t capacity = 32;
    static constexpr int receipt_timeout = 3; // announceReceiptTimeout, in announce intervals

    explicit ForeignMasters(uint8_t domain) : domain_(domain) { records_.reserve(capacity); }

    void hear(const Header& header, const Announce& announce, const Place& place, int64_t now) noexcept;

    // Ourselves, if we may be the master (D0 of IEEE 1588-2008 s.9.3.3).
    struct Contender {
        Announce announce;
        PortIdentity sender;
    };

    // The best master to follow at `now`; none if there is none, or `ourselves` are better. A qualified one
    // wins; before there is any, one that was heard only once is better than none to begin measuring with,
    // but not to believe.
    struct Choice {
        PortIdentity sender;
        Announce announce;
        uint16_t flags = 0;
        Place place;
        bool qualified = false;
    };
    std::optional<Choice> elect(int64_t now, const std::optional<Contender>& ourselves = {}) noexcept;

    // The election table, followed one first. [control] allocates.
    std::vector<Candidate> table() const;

  private:
    struct Record {
        Candidate candidate;
        uint16_t sequence = 0;
        int64_t heard_before_last_ns = INT64_MIN;
    };

    int64_t interval_ns(const Record& record) const noexcept;
    bool is_alive(const Record& record, int64_t now) const noexcept;
    bool is_qualified(const Record& record, int64_t now) const noexcept;
    // Of our domain, and not to be left out (IEEE 1588-2008 s.9.3.2.5).
    bool may_win(const Candidate& candidate) const noexcept;
    static bool is_better(const Candidate& one, const Candidate& other) noexcept;
    void outvote(const Announce& winner, const PortIdentity& sender) noexcept;
    Record* record_for(const Candidate& sender, int64_t now) noexcept;
    // Why a record of a full table makes room for a newcomer: the last of these goes first.
    enum class Leave : uint8_t { no, beaten, unqualified, cannot_win, silent };
    Leave leave(const Record& record, const Candidate& newcomer, int64_t now) const noexcept;
    Record* room_for(const Candidate& newcomer, int64_t now) noexcept;
    void drop_forgotten(int64_t now) noexcept;

    const uint8_t domain_;
    std::vector<Record> records_;
};

// As tutti/clock.h has it.
const char* to_text(Standing standing) noexcept;

} // namespace tutti::aes67::ptp
