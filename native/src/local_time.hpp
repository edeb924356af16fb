#pragma once
#include <cstdint>
#include <ctime>

namespace tutti {

constexpr int64_t ns_per_second = 1'000'000'000;

inline int64_t read_clock_ns(clockid_t clock) noexcept {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<int64_t>(time.tv_sec) * ns_per_second + time.tv_nsec;
}

/// Local time, ns: CLOCK_MONOTONIC; on macOS what mach_absolute_time counts, which Core Audio and kernel
/// stamps use. [any]
inline int64_t local_now_ns() noexcept {
#ifdef __APPLE__
    return read_clock_ns(CLOCK_UPTIME_RAW);
#else
    return read_clock_ns(CLOCK_MONOTONIC);
#endif
}

/// The system's idea of TAI, ns since 1970. macOS has no such clock, and none of leap seconds: 37 s since
/// 2017. [any]
inline int64_t system_tai_ns() noexcept {
#ifdef __APPLE__
    return read_clock_ns(CLOCK_REALTIME) + 37 * ns_per_second;
#else
    return read_clock_ns(CLOCK_TAI);
#endif
}

} // namespace tutti
