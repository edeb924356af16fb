#pragma once
#include <mach/mach_time.h>

#include <cstdint>

namespace tutti {

/// What a tick of mach_absolute_time is: 125/3 ns on Apple silicon. [any]
inline const mach_timebase_info_data_t& mach_timebase() noexcept {
    static const mach_timebase_info_data_t timebase = [] {
        mach_timebase_info_data_t info{};
        mach_timebase_info(&info);
        return info;
    }();
    return timebase;
}

inline int64_t mach_ticks_to_ns(uint64_t ticks) noexcept {
    const auto& [numer, denom] = mach_timebase();
    return static_cast<int64_t>(ticks / denom * numer + ticks % denom * numer / denom);
}

inline uint64_t ns_to_mach_ticks(int64_t ns) noexcept {
    const auto& [numer, denom] = mach_timebase();
    const auto value = static_cast<uint64_t>(ns);
    return value / numer * denom + value % numer * denom / numer;
}

} // namespace tutti
