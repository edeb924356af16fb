// The line from local time to wall time, and the detection of steps of wall time. Pure
// arithmetic.
#pragma once

#include <cstdint>

#include "tutti/clock.h"

namespace tutti::aes67 {

// One reading of wall time, taken between two readings of local time: it belongs to a local time within
// local_ns +- half_bracket_ns.
struct ClockPair {
    int64_t local_ns;
    int64_t wall_ns;
    int64_t half_bracket_ns;
};

// Linux slews CLOCK_MONOTONIC, CLOCK_REALTIME and CLOCK_TAI by the same amount, so that between two steps
// their difference is constant to the nanosecond, and one good pair is the whole line. A step is
// settimeofday, a leap second (CLOCK_REALTIME only), a change of the kernel's TAI offset, or a suspended
// machine (CLOCK_MONOTONIC stands still).
class WallLine {
  public:
    // Below this a difference that the brackets do not explain is not called a step: half a sample at 48 kHz.
    static constexpr int64_t threshold_ns = 10'000;

    explicit WallLine(const ClockPair& first) noexcept { begin(first); }

    // True if wall time stepped: the pair does not lie on the line, even if both readings were as wrong as
    // their brackets allow. The line then begins anew at the pair, as the next generation. Else nothing
    // changes: media time must not wander with the noise of readings, and many small steps add up to one that
    // is seen.
    bool follow(const ClockPair& pair) noexcept;

    int64_t wall_at(int64_t local_ns) const noexcept { return local_ns + offset_ns_; }
    double rate() const noexcept { return 0; } // deviation
    tutti_clock_state state() const noexcept { return tutti_clock_locked; }
    int64_t offset_ns() const noexcept { return offset_ns_; } // wall - local
    int64_t error_ns() const noexcept { return error_ns_; }   // bound, from the bracket
    uint64_t generation() const noexcept { return generation_; }

  private:
    void begin(const ClockPair& pair) noexcept;

    int64_t offset_ns_ = 0;
    int64_t error_ns_ = 0;
    uint64_t generation_ = 1;
};

} // namespace tutti::aes67
