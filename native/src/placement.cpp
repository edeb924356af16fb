#include "placement.hpp"

#include "timeline.hpp"

#include <algorithm>

namespace tutti {

void Placement::reset() noexcept {
    state_ = State::empty;
}

void Placement::begin_anchoring(uint32_t timestamp, int64_t arrival) noexcept {
    state_ = State::anchoring;
    extended_ = static_cast<int64_t>(timestamp);
    delay_ = INT64_MAX;
    began_ = arrival;
}

Placement::Result Placement::place(uint32_t timestamp, uint32_t frames, int64_t arrival,
                                   uint32_t link_offset) noexcept {
    if (shared_)
        return {unwrap32(timestamp - rtp_offset_, arrival), true, false};
    Result result;
    if (state_ == State::empty)
        begin_anchoring(timestamp, arrival);
    extended_ = unwrap32(timestamp, extended_);
    const int64_t delay = arrival - (extended_ + frames);
    if (state_ == State::anchoring) {
        delay_ = std::min(delay_, delay);
        if (arrival - began_ < static_cast<int64_t>(rate_) / 20)
            return result; // 50 ms
        state_ = State::anchored;
        began_ = arrival;
        late_ = false;
        window_least_ = INT64_MAX;
    }
    const int64_t margin = extended_ + delay_ + link_offset - arrival;
    if (left_window(margin, arrival, link_offset)) {
        begin_anchoring(timestamp, arrival);
        delay_ = delay;
        result.reanchored = true;
        return result;
    }
    result.index = extended_ + delay_;
    result.placed = true;
    return result;
}

bool Placement::left_window(int64_t margin, int64_t arrival, uint32_t link_offset) noexcept {
    const auto rate = static_cast<int64_t>(rate_);
    // Far outside the ring: the timestamps jumped, waiting would only prolong the silence.
    if (margin < -rate || margin > static_cast<int64_t>(link_offset) + rate)
        return true;
    if (margin >= 0) {
        late_ = false;
    } else if (!late_) {
        late_ = true;
        late_since_ = arrival;
    } else if (arrival - late_since_ > rate / 50) { // every packet late for 20 ms
        return true;
    }
    window_least_ = std::min(window_least_, margin);
    if (arrival - began_ < rate)
        return false;
    // A whole second in which even the slowest packet came too early: the sender's clock is fast or the
    // anchor was poor.
    const bool early = window_least_ > 2 * static_cast<int64_t>(link_offset) + rate / 100;
    began_ = arrival;
    window_least_ = INT64_MAX;
    return early;
}

} // namespace tutti
