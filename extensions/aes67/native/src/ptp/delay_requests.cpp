#include "ptp/delay_requests.hpp"

#include <algorithm>

#include "ptp/log_interval.hpp"

namespace tutti::aes67::ptp {
namespace {

constexpr int64_t soon_ns = 200'000'000;
constexpr uint64_t first_answers = 3;

} // namespace

int64_t DelayRequests::random_below(int64_t bound_ns) noexcept {
    // 1 to 2^31 - 2 of the generator, over bounds up to minutes.
    return static_cast<int64_t>(static_cast<double>(random_()) / 2147483647.0 *
                                static_cast<double>(bound_ns));
}

void DelayRequests::restart(int64_t now) noexcept {
    pending_ = {};
    log_interval_ = first_log_interval_;
    unanswered_ = 0;
    answers_since_restart_ = 0;
    due_ns_ = now + random_below(std::min(soon_ns, log_interval_ns(log_interval_)));
}

// An answer that is still on its way must not set due_ns_ again.
void DelayRequests::stop() noexcept {
    pending_ = {};
    due_ns_ = INT64_MAX;
}

std::optional<uint16_t> DelayRequests::next(int64_t now) noexcept {
    if (now < due_ns_)
        return std::nullopt;
    const int64_t interval_ns = log_interval_ns(log_interval_);
    // While the first answers are awaited the spread is half as wide, with the same mean: the time to lock
    // depends on them.
    due_ns_ = now + (answers_since_restart_ < first_answers ? interval_ns / 2 + random_below(interval_ns)
                                                            : random_below(2 * interval_ns));
    ++sequence_;
    pending_[sequence_ % most_pending] = Pending{sequence_, std::nullopt, std::nullopt};
    ++sent_;
    ++unanswered_;
    return sequence_;
}

DelayRequests::Pending* DelayRequests::find(uint16_t sequence) noexcept {
    std::optional<Pending>& pending = pending_[sequence % most_pending];
    return pending && pending->sequence == sequence ? &*pending : nullptr;
}

std::optional<TimePair> DelayRequests::complete(Pending& pending) noexcept {
    if (!pending.departure_ns || !pending.arrival_ns)
        return std::nullopt;
    return TimePair{*pending.departure_ns, *pending.arrival_ns};
}

std::optional<TimePair> DelayRequests::departed(uint16_t sequence, int64_t local_ns) noexcept {
    Pending* pending = find(sequence);
    if (!pending || pending->departure_ns)
        return std::nullopt;
    pending->departure_ns = local_ns;
    return complete(*pending);
}

std::optional<TimePair> DelayRequests::answered(const Header& header, const DelayResp& response) noexcept {
    Pending* pending = find(header.sequence);
    if (!pending || pending->arrival_ns) // not ours, or doubled by the network
        return std::nullopt;
    pending->arrival_ns = response.receive_ns - header.correction_ns;
    if (header.log_interval != no_interval) {
        log_interval_ = clamp_delay_interval(header.log_interval);
        // A master that wants more of them need not wait for what was planned.
        const int64_t latest = pending->departure_ns.value_or(due_ns_) + 2 * log_interval_ns(log_interval_);
        due_ns_ = std::min(due_ns_, latest);
    }
    ++answers_;
    ++answers_since_restart_;
    unanswered_ = 0;
    return complete(*pending);
}

} // namespace tutti::aes67::ptp
