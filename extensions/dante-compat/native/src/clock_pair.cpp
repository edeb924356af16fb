#include "clock_pair.hpp"

namespace tutti::dante_compat {
namespace {

constexpr int readings = 5;

int64_t nanoseconds(clockid_t clock) noexcept {
    timespec time{};
    clock_gettime(clock, &time);
    return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

} // namespace

int64_t local_now() noexcept {
    return nanoseconds(CLOCK_MONOTONIC);
}

ClockPair read_clock_pair(clockid_t wall) noexcept {
    ClockPair best{0, 0, INT64_MAX};
    for (int i = 0; i < readings; ++i) {
        const int64_t before = local_now();
        const int64_t wall_ns = nanoseconds(wall);
        const int64_t took = local_now() - before;
        if ((took + 1) / 2 < best.half_bracket_ns)
            best = {before + took / 2, wall_ns, (took + 1) / 2};
    }
    return best;
}

} // namespace tutti::dante_compat
