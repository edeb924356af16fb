#include "ptp/time_properties.hpp"

#include "kernel_clock.hpp"

namespace tutti::aes67::ptp {

TimeProperties kernel_time_properties() noexcept {
    const auto kernel = read_kernel_clock();
    constexpr int most_offset_s = 1000;
    if (!kernel || kernel->utc_offset_s <= 0 || kernel->utc_offset_s > most_offset_s)
        return {};
    return {static_cast<uint16_t>(flag::ptp_timescale | (kernel->knows_offset ? flag::utc_offset_valid : 0)),
            static_cast<int16_t>(kernel->utc_offset_s)};
}

} // namespace tutti::aes67::ptp
