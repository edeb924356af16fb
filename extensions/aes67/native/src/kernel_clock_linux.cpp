#include "kernel_clock.hpp"

#include <sys/timex.h>

#include "clock_pair.hpp"

namespace tutti::aes67 {

std::optional<KernelClock> read_kernel_clock() noexcept {
    timex kernel{}; // modes 0: only read
    if (adjtimex(&kernel) < 0)
        return std::nullopt;
    KernelClock clock;
    clock.utc_offset_s = kernel.tai;
    clock.knows_offset = kernel.tai > 0;
    // adjtimex(2): parts per million, 16 bits of fraction.
    clock.rate_ppm = static_cast<double>(kernel.freq) / 65536;
    clock.leap = (kernel.status & STA_INS) != 0 ? 1 : (kernel.status & STA_DEL) != 0 ? -1 : 0;
    return clock;
}

ClockPair read_tai_pair() noexcept {
    return read_clock_pair(CLOCK_TAI);
}

} // namespace tutti::aes67
