// Reading wall time and local time together.
#pragma once

#include <ctime>

#include "clock_kit.hpp"

namespace tutti::dante_compat {

// [any] thread, does not block. CLOCK_MONOTONIC ns.
int64_t local_now() noexcept;

// [any] thread, does not block. The tightest of several readings of `wall` between two of CLOCK_MONOTONIC.
ClockPair read_clock_pair(clockid_t wall) noexcept;

} // namespace tutti::dante_compat
