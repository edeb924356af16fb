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

/// Local time: CLOCK_MONOTONIC, ns. [any]
inline int64_t local_now_ns() noexcept {
    return read_clock_ns(CLOCK_MONOTONIC);
}

} // namespace tutti
