#include "clock_pair.hpp"

namespace tutti::aes67 {
namespace {

constexpr int readings = 9; // a preempted one is wide; one of nine is not

} // namespace

int64_t read_clock(clockid_t clock) noexcept {
    timespec time{};
    clock_gettime(clock, &time);
    return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

ClockPair read_clock_pair(clockid_t wall) noexcept {
    if (wall == local_clock) {
        const int64_t now = local_now();
        return {now, now, 0};
    }
    ClockPair best{0, 0, INT64_MAX};
    for (int i = 0; i < readings; ++i) {
        const int64_t before = local_now();
        const int64_t wall_ns = read_clock(wall);
        const int64_t after = local_now();
        const int64_t half = (after - before + 1) / 2;
        if (half < best.half_bracket_ns)
            best = {before + (after - before) / 2, wall_ns, half};
    }
    return best;
}

} // namespace tutti::aes67
