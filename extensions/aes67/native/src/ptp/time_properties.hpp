// What a time says of itself: whether it is TAI and how far UTC is from it (timePropertiesDS, IEEE 1588-2008
// s.8.2.4).
#pragma once

#include <cstdint>

#include "ptp/ptp_message.hpp"

namespace tutti::aes67::ptp {

struct TimeProperties {
    // Those flags of an Announce that are true of the time and not of who is asked: not traceability, which
    // ends with the reference, and not leap seconds, which must be taken back in time.
    static constexpr uint16_t known_flags = flag::ptp_timescale | flag::utc_offset_valid;

    uint16_t flags = 0; // of known_flags
    int16_t utc_offset_s = 0;
};

// [control] Of read_tai_pair(). On Linux it is TAI only after somebody told the kernel how far UTC is
// (chrony, ntpd, ptp4l with phc2sys do); else it equals UTC, which is no PTP timescale. On macOS it is TAI as
// far as the offset that is taken instead is still right, and does not vouch for that.
TimeProperties kernel_time_properties() noexcept;

} // namespace tutti::aes67::ptp
