#include "kernel_clock.hpp"

#include <sys/timex.h>

#include "clock_pair.hpp"

namespace tutti::aes67 {
namespace {

// Since 2017; the engine takes it to be the same (native/src/local_time.hpp).
constexpr int usual_utc_offset_s = 37;

// 0 if nobody told it: macOS itself does not, but keeps what ntp_adjtime(MOD_TAI) says, and has no clock that
// uses it.
int told_utc_offset_s() noexcept {
    ntptimeval now{};
    return ntp_gettime(&now) >= 0 && now.tai > 0 && now.tai <= 1000 ? static_cast<int>(now.tai) : 0;
}

int utc_offset_s() noexcept {
    const int told = told_utc_offset_s();
    return told > 0 ? told : usual_utc_offset_s;
}

} // namespace

std::optional<KernelClock> read_kernel_clock() noexcept {
    timex kernel{}; // modes 0: only read
    if (ntp_adjtime(&kernel) < 0)
        return std::nullopt;
    KernelClock clock;
    clock.utc_offset_s = utc_offset_s();
    clock.knows_offset = told_utc_offset_s() > 0;
    clock.rate_ppm = static_cast<double>(kernel.freq) / 65536; // parts per million, 16 bits of fraction
    return clock;                                              // no leap: the kernel has no leap seconds
}

ClockPair read_tai_pair() noexcept {
    ClockPair pair = read_clock_pair(CLOCK_REALTIME);
    pair.wall_ns += int64_t{utc_offset_s()} * 1'000'000'000;
    return pair;
}

} // namespace tutti::aes67
