#include "sequence_tracker.hpp"

namespace tutti {

void SequenceTracker::start(uint16_t sequence) noexcept {
    started_ = true;
    odd_next_ = -1;
    highest_ = static_cast<int64_t>(sequence) + 65536; // room for numbers before the first
    first_ = highest_;
    seen_.fill(false);
    seen_[slot(highest_)] = true;
}

SequenceVerdict SequenceTracker::add(uint16_t sequence) noexcept {
    SequenceVerdict verdict;
    if (!started_) {
        start(sequence);
        return verdict;
    }
    const auto step = static_cast<int16_t>(static_cast<uint16_t>(sequence - static_cast<uint16_t>(highest_)));
    const int64_t number = highest_ + step;
    if (step > max_dropout || step <= -static_cast<int32_t>(packets_)) {
        // One stray number is no restart, nor is a leg that lags far behind the other: two in a row, with
        // none between that fits, are (RFC 3550 A.1).
        if (sequence != odd_next_) {
            odd_next_ = static_cast<uint16_t>(sequence + 1);
            verdict.reordered = true;
            return verdict;
        }
        start(sequence);
        verdict.restarted = true;
        return verdict;
    }
    odd_next_ = -1;
    if (step <= 0) {
        verdict.duplicate = seen(number);
        verdict.reordered = !verdict.duplicate;
        seen_[slot(number)] = true;
        if (number < first_)
            first_ = number;
        return verdict;
    }
    for (int64_t next = highest_ + 1; next <= number; ++next) {
        const int64_t leaving = next - packets_;
        if (leaving >= first_ && !seen(leaving))
            ++verdict.lost;
        seen_[slot(next)] = false;
    }
    seen_[slot(number)] = true;
    highest_ = number;
    return verdict;
}

} // namespace tutti
