#include "ptp/card_stamps.hpp"

namespace tutti::aes67::ptp {

std::optional<int64_t> CardStamps::to_local(int64_t card_ns, int64_t earliest_ns,
                                            int64_t latest_ns) noexcept {
    const auto now = device_.read();
    const auto local_ns = now ? to_local(card_ns, *now, earliest_ns, latest_ns) : std::nullopt;
    misfits_ = local_ns ? 0 : misfits_ + 1;
    return local_ns;
}

std::optional<int64_t> CardStamps::to_local(int64_t card_ns, const ClockPair& now, int64_t earliest_ns,
                                            int64_t latest_ns) noexcept {
    const int64_t age_ns = now.wall_ns - card_ns;
    if (age_ns < -now.half_bracket_ns || age_ns > most_age_ns)
        return std::nullopt;
    const int64_t local_ns = now.local_ns - age_ns;
    return local_ns >= earliest_ns && local_ns <= latest_ns ? std::optional(local_ns) : std::nullopt;
}

} // namespace tutti::aes67::ptp
