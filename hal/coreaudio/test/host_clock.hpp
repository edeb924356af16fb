#pragma once
#include <cstdint>

namespace tutti::coreaudio::test {

constexpr int64_t ms = 1'000'000; ///< ns, as all times here
constexpr int64_t second = 1000 * ms;
/// Where most tests begin: a machine that has been up for eleven days, and media time in 2026.
constexpr int64_t start_ns = 1'000'000 * second;
constexpr int64_t media_start_ns = 1'790'000'000 * second;

/// Host time as the driver sees it (mach_absolute_time), with Apple silicon's timebase: a tick is 125/3 ns.
namespace host_clock {

constexpr uint32_t numer = 125;
constexpr uint32_t denom = 3;

/// From here on, time stands still unless it is told to advance.
void freeze(int64_t at_ns);
/// From here on, it is the machine's monotonic clock.
void run();
void advance(int64_t ns);
/// What the driver would read now, ns: rounded down to a tick.
int64_t now_ns();

int64_t to_ns(uint64_t ticks);

} // namespace host_clock

/// Time is frozen: what takes the driver two or five seconds takes the test none.
struct Frozen {
    Frozen() { host_clock::freeze(start_ns); }
    ~Frozen() { host_clock::run(); }
};

} // namespace tutti::coreaudio::test
