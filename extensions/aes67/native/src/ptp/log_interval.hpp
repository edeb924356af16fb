// logMessageInterval as a time, bounded: a received one may say anything from 2^-128 to 2^127 s.
#pragma once

#include <algorithm>
#include <cstdint>

namespace tutti::aes67::ptp {

constexpr int64_t log_interval_ns(int log_interval) noexcept {
    constexpr int64_t second_ns = 1'000'000'000;
    return log_interval >= 0 ? second_ns << log_interval : second_ns >> -log_interval;
}

// Ranges over all profiles we know (ST 2059-2 has the fastest), with one step to spare.
constexpr int8_t clamp_announce_interval(int8_t log) noexcept {
    return std::clamp<int8_t>(log, -4, 5);
}
constexpr int8_t clamp_sync_interval(int8_t log) noexcept {
    return std::clamp<int8_t>(log, -7, 4);
}
// Up to 16 Delay_Req a second: more would not be a better clock, only more load than anybody wants of us.
constexpr int8_t clamp_delay_interval(int8_t log) noexcept {
    return std::clamp<int8_t>(log, -4, 5);
}

} // namespace tutti::aes67::ptp
