#include "ptp/card_stamps.hpp"

namespace tutti::aes67::ptp {
namespace {

constexpr int64_t drift_divisor = 10'000; // the two clocks drift apart by 100 ppm

} // namespace

std::optional<int64_t> CardStamps::to_local(int64_t card_ns, int64_t earliest_ns,
                                            int64_t latest_ns) noexcept {
    const auto now = device_.read();
    misfits_ = now && fits(card_ns, *now, earliest_ns, latest_ns) ? 0 : misfits_ + 1;
    return now ? to_local(card_ns, *now, earliest_ns, latest_ns) : std::nullopt;
}

bool CardStamps::fits(int64_t card_ns, const ClockPair& now, int64_t earliest_ns,
                      int64_t latest_ns) noexcept {
    const int64_t age_ns = now.wall_ns - card_ns;
    const int64_t drift_ns = age_ns > most_age_ns ? age_ns / drift_divisor : 0;
    const int64_t local_ns = now.local_ns - age_ns;
    return age_ns >= -now.half_bracket_ns && local_ns >= earliest_ns - drift_ns &&
           local_ns <= latest_ns + drift_ns;
}

std::optional<int64_t> CardStamps::to_local(int64_t card_ns, const ClockPair& now, int64_t earliest_ns,
                                            int64_t latest_ns) noexcept {
    const int64_t age_ns = now.wall_ns - card_ns;
    if (age_ns > most_age_ns || !fits(card_ns, now, earliest_ns, latest_ns))
        return std::nullopt;
    return now.local_ns - age_ns;
}

} // namespace tutti::aes67::ptp
