// What a master does for its followers: Announce, two-step Sync, and Delay_Resp (IEEE 1588-2008 s.9.5).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "ptp/own_dataset.hpp"
#include "ptp/ptp_message.hpp"
#include "ptp/request_limit.hpp"

namespace tutti::aes67::ptp {

// Local times are `now`; times that followers are told are media time, which the caller looks up. What is
// regular goes before answers, and answers are bounded. Of one thread, does not allocate.
class MasterDuty {
  public:
    struct Intervals { // log2 of seconds
        int8_t announce;
        int8_t sync;
        int8_t delay; // least between two Delay_Req of one follower
    };
    struct Duty {
        Message message;
        bool unicast = false;
        uint32_t address = 0; // if unicast, IPv4, network order
    };

    MasterDuty(const PortIdentity& identity, uint8_t domain, const Intervals& intervals) noexcept
        : identity_(identity), domain_(domain), intervals_(intervals) {}

    // The first Announce and Sync are due at once.
    void begin(int64_t now) noexcept;
    // Not a word more: another master has the network.
    void end() noexcept;
    bool is_active() const noexcept { return active_; }
    // When next() has something, INT64_MIN for already, INT64_MAX if never.
    int64_t due_ns() const noexcept;

    // `media_ns` is media time now, for the estimate in a Sync (s.11.3.2 allows it to be off by a second).
    std::optional<Duty> next(int64_t now, int64_t media_ns, const OwnDataset& dataset) noexcept;
    // The Sync of that sequenceId left at `media_ns`: its Follow_Up is due.
    void sync_departed(uint16_t sequence, int64_t media_ns) noexcept;
    // A Delay_Req that arrived at `media_ns`. False if it will not be answered.
    bool request(const Header& header, uint32_t address, int64_t media_ns, int64_t now) noexcept;

  private:
    struct FollowUpDue {
        uint16_t sequence;
        int64_t media_ns;
    };
    struct AnswerDue {
        Header request;
        uint32_t address;
        int64_t media_ns;
    };
    static constexpr size_t most_answers = 64; // as many as are read at one wake-up

    Header header_for(uint16_t flags, uint16_t sequence, int8_t log_interval) const noexcept;
    Duty answer(const AnswerDue& due) const noexcept;

    const PortIdentity identity_;
    const uint8_t domain_;
    const Intervals intervals_;
    bool active_ = false;
    int64_t announce_due_ns_ = INT64_MAX;
    int64_t sync_due_ns_ = INT64_MAX;
    uint16_t announce_sequence_ = 0;
    uint16_t sync_sequence_ = 0;
    std::optional<uint16_t> awaited_; // sequenceId of the Sync whose departure is not known yet
    std::optional<FollowUpDue> follow_up_;
    std::array<AnswerDue, most_answers> answers_{}; // a ring
    size_t first_answer_ = 0;
    size_t answer_count_ = 0;
    RequestLimit limit_;
};

} // namespace tutti::aes67::ptp
