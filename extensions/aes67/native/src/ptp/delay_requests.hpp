// Our Delay_Req: when to send the next one, and the answers' way back to them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <random>

#include "ptp/lucky_window.hpp"
#include "ptp/ptp_message.hpp"

namespace tutti::aes67::ptp {

// Times are local ns. Of one thread, does not allocate.
class DelayRequests {
  public:
    // `log_interval` holds until a Delay_Resp says what the master wants; `seed` makes us differ from others.
    DelayRequests(int8_t log_interval, uint32_t seed) noexcept
        : first_log_interval_(log_interval), log_interval_(log_interval), random_(seed) {}

    // Another master: forgets what is under way; the first request leaves soon.
    void restart(int64_t now) noexcept;
    // No master to ask: forgets what is under way.
    void stop() noexcept;
    bool is_running() const noexcept { return due_ns_ != INT64_MAX; }

    // When next() has one, INT64_MAX if never.
    int64_t due_ns() const noexcept { return due_ns_; }
    // The sequenceId of the request to send at `now`. The mean rate is the one the master granted, with times
    // spread evenly over twice the interval (IEEE 1588-2008 s.9.5.11.2).
    std::optional<uint16_t> next(int64_t now) noexcept;

    // Either half may come first: an answer can overtake the kernel's report of the departure. A pair once
    // both are there.
    std::optional<TimePair> departed(uint16_t sequence, int64_t local_ns) noexcept;
    std::optional<TimePair> answered(const Header& header, const DelayResp& response) noexcept;

    uint64_t sent() const noexcept { return sent_; }
    uint64_t answers() const noexcept { return answers_; }
    // Requests since the last answer.
    unsigned unanswered() const noexcept { return unanswered_; }

  private:
    struct Pending {
        uint16_t sequence;
        std::optional<int64_t> departure_ns;
        std::optional<int64_t> arrival_ns; // at the master, correction subtracted
    };
    static constexpr size_t most_pending = 8;

    Pending* find(uint16_t sequence) noexcept;
    static std::optional<TimePair> complete(Pending& pending) noexcept;
    int64_t random_below(int64_t bound_ns) noexcept;

    const int8_t first_log_interval_;
    int8_t log_interval_;
    int64_t due_ns_ = INT64_MAX;
    uint16_t sequence_ = 0;
    std::array<std::optional<Pending>, most_pending> pending_;
    uint64_t sent_ = 0;
    uint64_t answers_ = 0;
    uint64_t answers_since_restart_ = 0;
    unsigned unanswered_ = 0;
    std::minstd_rand random_;
};

} // namespace tutti::aes67::ptp
