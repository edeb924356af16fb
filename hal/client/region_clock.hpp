#pragma once
#include "region_view.hpp"

#include <cstdint>

namespace tutti::hal {

/**
 * Reads the clock block of a region: what index the media clock shows at a local time. The line that was read
 * last stays in use when the engine is gone or died while it wrote, so that time always runs on. One object
 * for one thread at a time.
 */
class RegionClock {
  public:
    /// Reads the current line. False if none was ever published. [audio] Wait-free: a bounded number of
    /// attempts.
    bool refresh(const RegionView& region) noexcept;

    /// Index that the media clock shows at a local time (CLOCK_MONOTONIC ns). [audio]
    [[nodiscard]] int64_t index_at(int64_t local_ns) const noexcept;
    /// First local time, to within a nanosecond, at which the media clock shows `index`. [audio]
    [[nodiscard]] int64_t local_ns_of(int64_t index) const noexcept;
    /// Media time at a local time, ns since 1970 TAI. [audio]
    [[nodiscard]] int64_t media_ns_at(int64_t local_ns) const noexcept;

    /// Changes whenever the timeline steps: indices from before and after do not compare. [audio]
    [[nodiscard]] uint64_t epoch() const noexcept { return epoch_; }
    /// TUTTI_CLOCK_*. [audio]
    [[nodiscard]] uint32_t state() const noexcept { return line_.state; }
    /// Media ns gained per local ns. [audio]
    [[nodiscard]] double rate_deviation() const noexcept { return line_.rate_deviation; }
    [[nodiscard]] bool valid() const noexcept { return valid_; }

  private:
    struct Line {
        uint32_t state = 0;
        int64_t local_ns = 0;
        int64_t media_ns = 0;
        double rate_deviation = 0;
        uint64_t generation = 0;
    };
    static bool read(const tutti_region_clock& clock, Line& line) noexcept;

    Line line_;
    uint32_t rate_ = 48000;
    uint64_t epoch_ = 0;
    bool valid_ = false;
};

} // namespace tutti::hal
