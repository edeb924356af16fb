#include "follow_up_pairing.hpp"

namespace tutti::dante_compat {

std::optional<int64_t> FollowUpPairing::take(Halves& halves, uint16_t sequence) noexcept {
    std::optional<Half>& half = halves[sequence % most_pending];
    if (!half || half->sequence != sequence)
        return std::nullopt;
    const int64_t ns = half->ns;
    half.reset();
    return ns;
}

std::optional<TimePair> FollowUpPairing::sync(uint16_t sequence, int64_t received_ns,
                                              int64_t origin_ns) noexcept {
    if (is_done(sequence))
        return std::nullopt;
    last_ = sequence;
    return TimePair{received_ns, origin_ns};
}

std::optional<TimePair> FollowUpPairing::two_step_sync(uint16_t sequence, int64_t received_ns) noexcept {
    if (is_done(sequence))
        return std::nullopt;
    if (const auto origin_ns = take(follow_ups_, sequence)) {
        last_ = sequence;
        return TimePair{received_ns, *origin_ns};
    }
    syncs_[sequence % most_pending] = Half{sequence, received_ns};
    return std::nullopt;
}

std::optional<TimePair> FollowUpPairing::follow_up(uint16_t sequence, int64_t origin_ns) noexcept {
    if (is_done(sequence))
        return std::nullopt;
    if (const auto received_ns = take(syncs_, sequence)) {
        last_ = sequence;
        return TimePair{*received_ns, origin_ns};
    }
    follow_ups_[sequence % most_pending] = Half{sequence, origin_ns};
    return std::nullopt;
}

} // namespace tutti::dante_compat
