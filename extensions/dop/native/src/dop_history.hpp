// The frames of one channel that conversion has to remember. [audio]
#pragma once

#include "dop_tracker.hpp"
#include "dsd_filter.hpp"

#include <array>

namespace tutti::dop {

// The oldest of the last `DopTracker::row` frames is played: by then it is known whether it is DSD or PCM, so
// that neither is taken for the other at a change. The filter's window lies around it.
class DopHistory {
  public:
    static constexpr uint32_t delay_frames = DopTracker::row - 1;

    DopHistory() noexcept { clear(); }

    void clear() noexcept {
        words_.fill(idle_bits);
        samples_.fill(0);
    }
    void add(float sample, uint16_t bits) noexcept {
        newest_ = (newest_ + 1) % length;
        words_[newest_] = words_[newest_ + length] = bits; // twice: every window lies in one piece
        samples_[newest_] = sample;
    }
    float sample() const noexcept { return samples_[(newest_ + length - delay_frames) % length]; }
    const uint16_t* window() const noexcept {
        return words_.data() + (newest_ + length - delay_frames - DsdFilter::delay_frames) % length;
    }

  private:
    static constexpr uint32_t length = 64;
    static_assert(delay_frames + DsdFilter::delay_frames < length);
    static_assert(DsdFilter::window_frames <= length);

    std::array<uint16_t, size_t{2} * length> words_;
    std::array<float, length> samples_;
    uint32_t newest_ = 0;
};

} // namespace tutti::dop
