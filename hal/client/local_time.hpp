#pragma once
#include <cstdint>
#include <ctime>

namespace tutti::hal {

constexpr int64_t ns_per_second = 1'000'000'000;

/// Local time of the device region: CLOCK_MONOTONIC, ns. [audio]
inline int64_t local_now_ns() noexcept {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<int64_t>(time.tv_sec) * ns_per_second + time.tv_nsec;
}

} // namespace tutti::hal
