// Time of this program in a test's hands: clock_gettime is interposed, also for the library under test.
#pragma once

#include <cstdint>

namespace tutti::test {

// [any] Sets the wall clocks (CLOCK_REALTIME, CLOCK_TAI) forward by `ns`, as settimeofday would.
void step_wall_clocks(int64_t ns) noexcept;

// [any] While they are lost, reading a wall clock fails.
void lose_wall_clocks(bool lost) noexcept;

// [any] From now on all clocks run faster by `ppm`, as the kernel slews them: CLOCK_MONOTONIC and the wall
// clocks alike.
void slew_clocks(double ppm) noexcept;

} // namespace tutti::test
