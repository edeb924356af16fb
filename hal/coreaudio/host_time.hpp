#pragma once
#include <mach/mach_time.h>

#include <cstdint>

namespace tutti::coreaudio {

/// Host time of macOS. A tick is not a nanosecond: 125/3 ns on Apple silicon. Local time of the region, in
/// ns, is the same clock, which stands still while the machine sleeps.
class HostTime {
  public:
    /// Reads what a tick is. [control], once
    void read_timebase() noexcept {
        mach_timebase_info_data_t info{};
        if (mach_timebase_info(&info) == 0 && info.numer != 0 && info.denom != 0) {
            numer_ = info.numer;
            denom_ = info.denom;
        }
    }

    /// [audio]
    [[nodiscard]] int64_t now_ns() const noexcept { return to_ns(mach_absolute_time()); }
    [[nodiscard]] int64_t to_ns(uint64_t ticks) const noexcept { return scale(ticks, numer_, denom_); }
    [[nodiscard]] uint64_t to_ticks(int64_t ns) const noexcept {
        return static_cast<uint64_t>(scale(static_cast<uint64_t>(ns < 0 ? 0 : ns), denom_, numer_));
    }

  private:
    /// floor(value * by / over) without an overflow on the way: both factors are small.
    static int64_t scale(uint64_t value, uint64_t by, uint64_t over) noexcept {
        return static_cast<int64_t>(value / over * by + value % over * by / over);
    }

    uint32_t numer_ = 1;
    uint32_t denom_ = 1;
};

} // namespace tutti::coreaudio
