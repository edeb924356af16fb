#pragma once
#include "local_time.hpp"

#include "tutti/region.h"

#include <cstdint>

namespace tutti {

/// The line that relates local time to the media clock during one cycle. Plain value; [any].
struct Timeline {
    int64_t local_ns = 0;
    int64_t media_ns = 0;
    double rate_deviation = 0;
    uint32_t rate = 48000;

    [[nodiscard]] int64_t media_ns_at(int64_t local) const noexcept {
        const int64_t elapsed = local - local_ns;
        return media_ns + elapsed + static_cast<int64_t>(static_cast<double>(elapsed) * rate_deviation);
    }

    [[nodiscard]] int64_t index_at(int64_t local) const noexcept {
        return tutti_media_index(media_ns_at(local), rate);
    }

    /// First local time at which the media clock shows `index`, to within a nanosecond.
    [[nodiscard]] int64_t local_ns_of(int64_t index) const noexcept {
        const int64_t elapsed = tutti_media_ns(index, rate) - media_ns;
        const double slower = rate_deviation / (1 + rate_deviation);
        return local_ns + elapsed - static_cast<int64_t>(static_cast<double>(elapsed) * slower);
    }
};

/// The 64-bit index nearest to `near` whose low 32 bits are `low`: unwraps RTP timestamps (RFC 3550 A.1 for
/// 32 bits).
inline int64_t unwrap32(uint32_t low, int64_t near) noexcept {
    return near + static_cast<int32_t>(low - static_cast<uint32_t>(near));
}

} // namespace tutti
