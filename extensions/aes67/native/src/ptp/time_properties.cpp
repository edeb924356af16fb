#include "ptp/time_properties.hpp"

#include <sys/timex.h>

namespace tutti::aes67::ptp {

TimeProperties kernel_time_properties() noexcept {
    timex kernel{}; // modes 0: only read
    constexpr int most_offset_s = 1000;
    if (adjtimex(&kernel) < 0 || kernel.tai <= 0 || kernel.tai > most_offset_s)
        return {};
    return {TimeProperties::known_flags, static_cast<int16_t>(kernel.tai)};
}

} // namespace tutti::aes67::ptp
