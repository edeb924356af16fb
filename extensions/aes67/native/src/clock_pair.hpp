// Reading clocks: local time, and others together with it.
#pragma once

#include <cstdint>
#include <ctime>

#include "wall_line.hpp"

namespace tutti::aes67 {

// Local time (tutti/clock.h), and the clock of the kernel's timestamps of packets. Those of macOS are local
// time.
#ifdef __APPLE__
inline constexpr clockid_t local_clock = CLOCK_UPTIME_RAW;
inline constexpr clockid_t stamp_clock = CLOCK_UPTIME_RAW;
#else
inline constexpr clockid_t local_clock = CLOCK_MONOTONIC;
inline constexpr clockid_t stamp_clock = CLOCK_REALTIME;
#endif

// [any] thread, do not block. ns.
int64_t read_clock(clockid_t clock) noexcept;
inline int64_t local_now() noexcept {
    return read_clock(local_clock);
}

// [any] thread, does not block. The tightest of several readings of `wall` between two of local time.
ClockPair read_clock_pair(clockid_t wall) noexcept;

} // namespace tutti::aes67
