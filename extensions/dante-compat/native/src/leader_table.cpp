#include "leader_table.hpp"

#include <algorithm>
#include <tuple>

#include "clock_kit.hpp"

namespace tutti::dante_compat {
namespace {

constexpr int64_t least_silence_ns = 1'000'000'000;
constexpr int silent_intervals = 4;

bool is_better(const Leader& one, const Leader& other) noexcept {
    const auto rank = [](const Leader& leader) {
        return std::tuple(!leader.said.preferred, leader.said.stratum, leader.said.steps_removed,
                          leader.id.uuid);
    };
    return rank(one) < rank(other);
}

} // namespace

bool LeaderTable::is_heard(const Leader& leader, int64_t now) noexcept {
    const int64_t interval_ns = log_interval_ns(clamp_sync_interval(leader.said.log_interval));
    return leader.syncs > 0 &&
           now - leader.heard_ns <= std::max(least_silence_ns, silent_intervals * interval_ns);
}

const Leader* LeaderTable::find(const Subdomain& subdomain, const PortId& id) const noexcept {
    for (const Leader& leader : leaders_) {
        if (leader.syncs > 0 && leader.id == id && leader.subdomain == subdomain)
            return &leader;
    }
    return nullptr;
}

// Its own, else a free one, else that of whoever has been silent for longest.
Leader* LeaderTable::place_for(const Header& header, int64_t now) noexcept {
    Leader* oldest = &leaders_[0];
    for (Leader& leader : leaders_) {
        if (leader.syncs > 0 && leader.id == header.source && leader.subdomain == header.subdomain)
            return &leader;
        if (leader.heard_ns < oldest->heard_ns)
            oldest = &leader;
    }
    if (is_heard(*oldest, now))
        return nullptr;
    *oldest = Leader{};
    return oldest;
}

const Leader* LeaderTable::hear(const Header& header, const Sync& sync, uint32_t address,
                                int64_t now) noexcept {
    Leader* leader = place_for(header, now);
    if (!leader)
        return nullptr;
    if (!is_heard(*leader, now))
        leader->syncs = 0;
    leader->subdomain = header.subdomain;
    leader->id = header.source;
    leader->address = address;
    leader->flags = header.flags;
    leader->said = sync;
    leader->heard_ns = now;
    ++leader->syncs;
    return leader;
}

const Leader* LeaderTable::best(const Subdomain& subdomain, int64_t now) const noexcept {
    const Leader* best = nullptr;
    for (const Leader& leader : leaders_) {
        if (leader.subdomain == subdomain && is_heard(leader, now) && (!best || is_better(leader, *best)))
            best = &leader;
    }
    return best;
}

} // namespace tutti::dante_compat
