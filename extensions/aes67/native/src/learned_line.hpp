// The line from local time to wall time where the two do not run at the same rate.
#pragma once

#include <algorithm>
#include <cstdint>

#include "ptp/ptp_servo.hpp"
#include "tutti/clock.h"
#include "wall_line.hpp"

namespace tutti::aes67 {

// macOS slews wall time and not local time (mach_absolute_time): their difference changes by tens of parts
// per million, and readings of wall time are whole microseconds. So its rate is learned, as a master's is:
// the line never jumps while it is locked, and wall time that was set is one declared step. What is used of
// it is what WallLine has. Of one thread.
class LearnedLine {
  public:
    static constexpr int64_t interval_ns = 100'000'000; // between readings

    explicit LearnedLine(const ClockPair& first) noexcept : servo_(first.local_ns, first.wall_ns) {
        servo_.assume_path_delay(0);
        servo_.follow_other();
        servo_.set_qualified(true);
        servo_.set_sync_interval(interval_ns);
        follow(first);
    }

    // True if wall time stepped. When it is locked for the first time, the line moves by what it was wrong
    // until then; that is a generation, but no step of wall time.
    bool follow(const ClockPair& pair) noexcept {
        const uint64_t before = std::max(servo_.generation(), first_locked);
        half_bracket_ns_ = pair.half_bracket_ns;
        servo_.sync({pair.local_ns, pair.wall_ns}, pair.local_ns);
        servo_.advance(pair.local_ns);
        return servo_.generation() > before;
    }

    int64_t wall_at(int64_t local_ns) const noexcept { return servo_.line().at(local_ns); }
    double rate() const noexcept { return servo_.line().rate(); }
    tutti_clock_state state() const noexcept { return servo_.state(); }
    int64_t error_ns() const noexcept {
        return servo_.error_ns() < 0 ? -1 : servo_.error_ns() + half_bracket_ns_;
    }
    uint64_t generation() const noexcept { return servo_.generation(); }

  private:
    static constexpr uint64_t first_locked = 2; // the servo's generation then

    ptp::Servo servo_;
    int64_t half_bracket_ns_ = 0;
};

} // namespace tutti::aes67
