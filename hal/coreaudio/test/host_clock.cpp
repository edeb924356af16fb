#include "host_clock.hpp"

#include <mach/mach_time.h>

#include <atomic>
#include <ctime>

namespace tutti::coreaudio::test::host_clock {
namespace {

std::atomic<bool> frozen{false};
std::atomic<int64_t> frozen_ns{0};

int64_t exact_ns() {
    if (frozen)
        return frozen_ns;
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

} // namespace

void freeze(int64_t at_ns) {
    frozen_ns = at_ns;
    frozen = true;
}

void run() {
    frozen = false;
}

void advance(int64_t ns) {
    frozen_ns += ns;
}

int64_t now_ns() {
    return to_ns(mach_absolute_time());
}

int64_t to_ns(uint64_t ticks) {
    return static_cast<int64_t>(ticks / denom * numer + ticks % denom * numer / denom);
}

} // namespace tutti::coreaudio::test::host_clock

#pragma GCC visibility push(default)
extern "C" {

int mach_timebase_info(struct mach_timebase_info* info) {
    *info = {tutti::coreaudio::test::host_clock::numer, tutti::coreaudio::test::host_clock::denom};
    return 0;
}

uint64_t mach_absolute_time() {
    const auto ns = static_cast<uint64_t>(tutti::coreaudio::test::host_clock::exact_ns());
    return ns / 125 * 3 + ns % 125 * 3 / 125;
}
}
#pragma GCC visibility pop
