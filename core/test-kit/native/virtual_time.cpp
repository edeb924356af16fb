#include "virtual_time.hpp"

#include <dlfcn.h>

#include <atomic>
#include <cerrno>
#include <ctime>
#include <mutex>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace {

constexpr int64_t second = 1'000'000'000;

// A slew that began at `origin` of the real CLOCK_MONOTONIC, when `gained` had been gained by earlier ones.
struct Slew {
    int64_t origin = 0;
    int64_t gained = 0;
    double ppm = 0;
};
std::mutex slew_mutex;
Slew slew; // guarded by slew_mutex
std::atomic<int64_t> wall_step{0};
std::atomic<bool> wall_lost{false};

int read_real(clockid_t clock, timespec* time) noexcept {
#if defined(__linux__)
    return static_cast<int>(syscall(SYS_clock_gettime, clock, time));
#else
    static const auto real =
        reinterpret_cast<int (*)(clockid_t, timespec*)>(dlsym(RTLD_NEXT, "clock_gettime"));
    return real(clock, time);
#endif
}

int64_t real_monotonic() noexcept {
    timespec time{};
    read_real(CLOCK_MONOTONIC, &time);
    return int64_t{time.tv_sec} * second + time.tv_nsec;
}

int64_t gained() noexcept {
    const std::lock_guard lock(slew_mutex);
    const double since = static_cast<double>(real_monotonic() - slew.origin);
    return slew.gained + static_cast<int64_t>(since * slew.ppm * 1e-6);
}

bool is_wall(clockid_t clock) noexcept {
#if defined(CLOCK_TAI)
    if (clock == CLOCK_TAI)
        return true;
#endif
    return clock == CLOCK_REALTIME;
}

} // namespace

extern "C" __attribute__((visibility("default"))) int clock_gettime(clockid_t clock,
                                                                    timespec* time) noexcept {
    const int result = read_real(clock, time);
    if (result != 0 || (clock != CLOCK_MONOTONIC && !is_wall(clock)))
        return result;
    if (is_wall(clock) && wall_lost) {
        errno = EINVAL;
        return -1;
    }
    const int64_t shift = gained() + (is_wall(clock) ? wall_step.load() : 0);
    const int64_t moved = int64_t{time->tv_sec} * second + time->tv_nsec + shift;
    time->tv_sec = static_cast<time_t>(moved / second);
    time->tv_nsec = static_cast<long>(moved % second);
    return 0;
}

void tutti::test::step_wall_clocks(int64_t ns) noexcept {
    wall_step += ns;
}

void tutti::test::lose_wall_clocks(bool lost) noexcept {
    wall_lost = lost;
}

void tutti::test::slew_clocks(double ppm) noexcept {
    const int64_t so_far = gained();
    const std::lock_guard lock(slew_mutex);
    slew = {real_monotonic(), so_far, ppm};
}
