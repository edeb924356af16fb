#include "ptp/sync_pairing.hpp"

namespace tutti::aes67::ptp {

std::optional<SyncPairing::Half> SyncPairing::take(Halves& halves, uint16_t sequence) noexcept {
    std::optional<Half>& half = halves[sequence % most_pending];
    if (!half || half->sequence != sequence)
        return std::nullopt;
    const Half taken = *half;
    half.reset();
    return taken;
}

std::optional<TimePair> SyncPairing::sync(const Header& header, const Sync& sync,
                                          int64_t received_ns) noexcept {
    if (is_done(header.sequence))
        return std::nullopt;
    if (!header.has(flag::two_step)) {
        last_ = header.sequence;
        return TimePair{received_ns, sync.origin_ns + header.correction_ns};
    }
    if (const auto follow_up = take(follow_ups_, header.sequence)) {
        last_ = header.sequence;
        return TimePair{received_ns, follow_up->master_ns + header.correction_ns};
    }
    syncs_[header.sequence % most_pending] = Half{header.sequence, received_ns, 0, header.correction_ns};
    return std::nullopt;
}

std::optional<TimePair> SyncPairing::follow_up(const Header& header, const FollowUp& follow_up) noexcept {
    if (is_done(header.sequence))
        return std::nullopt;
    const int64_t master_ns = follow_up.origin_ns + header.correction_ns;
    if (const auto sync = take(syncs_, header.sequence)) {
        last_ = header.sequence;
        return TimePair{sync->received_ns, master_ns + sync->correction_ns};
    }
    follow_ups_[header.sequence % most_pending] = Half{header.sequence, 0, master_ns, 0};
    return std::nullopt;
}

} // namespace tutti::aes67::ptp
