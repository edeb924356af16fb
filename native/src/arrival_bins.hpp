#pragma once
#include <bit>
#include <cstdint>

namespace tutti {

/// Bins of the histogram of arrivals: how long after a packet's timestamp it came. That does not depend on
/// the link offset, so that the histogram says which link offset would do. Sixteen bins an octave from 2^14
/// ns (16 us) to 2^29 ns (0.5 s), one for what comes sooner (or, from a clock that is wrong, before its
/// timestamp) and one for what comes later. core/common/src/arrivals.ts has the same edges.
struct ArrivalBins {
    static constexpr int first_octave = 14;
    static constexpr int octaves = 15;
    static constexpr int per_octave = 16;
    static constexpr uint32_t count = octaves * per_octave + 2;

    /// A count of leading zeros and a shift: cheap enough for every packet. [audio]
    [[nodiscard]] static constexpr uint32_t of(int64_t delay_ns) noexcept {
        if (delay_ns < (int64_t{1} << first_octave))
            return 0;
        const int octave = 63 - std::countl_zero(static_cast<uint64_t>(delay_ns));
        if (octave >= first_octave + octaves)
            return count - 1;
        const auto part = static_cast<uint32_t>((delay_ns >> (octave - 4)) & (per_octave - 1));
        return 1 + static_cast<uint32_t>(octave - first_octave) * per_octave + part;
    }
};

} // namespace tutti
