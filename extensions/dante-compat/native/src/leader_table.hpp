// Every clock that leads, or tries to: PTPv1 has no Announce, what a leader says of itself is in its Syncs.
#pragma once

#include <array>
#include <cstdint>

#include "v1_message.hpp"

namespace tutti::dante_compat {

struct Leader {
    Subdomain subdomain{};
    PortId id;
    uint32_t address = 0; // IPv4, network order
    uint16_t flags = 0;
    Sync said; // its last Sync
    int64_t heard_ns = INT64_MIN;
    uint64_t syncs = 0; // since it was last silent
};

// Local times are passed in and never go back. Of one thread, does not allocate.
class LeaderTable {
  public:
    static constexpr size_t capacity = 16;

    // Nothing is remembered of a new one if all places are taken by leaders that are still heard.
    const Leader* hear(const Header& header, const Sync& sync, uint32_t address, int64_t now) noexcept;

    const Leader* find(const Subdomain& subdomain, const PortId& id) const noexcept;

    // Who is heard in the subdomain; of several, the one to be believed until they have settled it: preferred
    // ones first, then by stratum, steps removed and uuid. The full comparison (IEEE 1588-2002 s.7.6) is the
    // leaders' business: those that lose it fall silent.
    const Leader* best(const Subdomain& subdomain, int64_t now) const noexcept;

    // Heard within four of its intervals, or one second if that is longer. (A PTPv1 clock waits ten intervals
    // before it stands for election; who only reads may notice earlier.)
    static bool is_heard(const Leader& leader, int64_t now) noexcept;

    // Those heard in the last minute.
    template <typename Visit> void each(int64_t now, Visit visit) const {
        for (const Leader& leader : leaders_) {
            if (leader.syncs > 0 && now - leader.heard_ns < memory_ns)
                visit(leader);
        }
    }

  private:
    static constexpr int64_t memory_ns = 60'000'000'000;

    Leader* place_for(const Header& header, int64_t now) noexcept;

    std::array<Leader, capacity> leaders_{};
};

} // namespace tutti::dante_compat
