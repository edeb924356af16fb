// From the kernel's timestamps to local time, whatever somebody does to wall time, which they are on Linux
// (stamp_clock).
#pragma once

#include <cstdint>
#include <optional>

#include "wall_line.hpp"

namespace tutti::aes67::ptp {

// Both clocks run at the same rate between steps, so that one tight pair of readings serves until wall time
// steps (WallLine). Stamps that were taken on the other side of a step are refused. Of one thread.
class StampClock {
  public:
    explicit StampClock(const ClockPair& first) noexcept : line_(first), certain_since_ns_(first.local_ns) {}

    // [any] A reading taken after the stamps that to_local() is then asked about. True if wall time had
    // stepped.
    bool read(const ClockPair& pair) noexcept {
        const bool stepped = line_.follow(pair);
        if (stepped)
            certain_since_ns_ = pair.local_ns; // it happened somewhere before
        latest_ns_ = pair.local_ns + pair.half_bracket_ns + line_.error_ns();
        return stepped;
    }

    // Local time of a stamp; nothing if it is later than the last reading, from before a step, or more than
    // `most_age_ns` old.
    std::optional<int64_t> to_local(int64_t wall_ns) const noexcept {
        const int64_t local_ns = wall_ns - line_.offset_ns();
        if (local_ns > latest_ns_ || local_ns < certain_since_ns_ || latest_ns_ - local_ns > most_age_ns)
            return std::nullopt;
        return local_ns;
    }

    static constexpr int64_t most_age_ns = 2'000'000'000;

  private:
    WallLine line_;
    int64_t certain_since_ns_;
    int64_t latest_ns_ = INT64_MIN;
};

} // namespace tutti::aes67::ptp
