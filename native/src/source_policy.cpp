#include "source_policy.hpp"

#include <algorithm>

namespace tutti {

SourceVerdict SourcePolicy::add(uint32_t address, uint32_t ssrc, int64_t local_ns,
                                int64_t packet_ns) noexcept {
    constexpr int64_t silent_packets = 10;
    if (!sources_.empty() && std::find(sources_.begin(), sources_.end(), address) == sources_.end()) {
        return SourceVerdict::wrong_source;
    }
    const bool changed = started_ && ssrc != ssrc_;
    if (changed) {
        // Same address: a sender that restarted. A named source outranks a stranger that was there first.
        const bool restarted = address == address_ || !sources_.empty();
        const bool silent = local_ns - last_local_ns_ > silent_packets * packet_ns_;
        if (!restarted && !silent)
            return SourceVerdict::conflict;
    }
    started_ = true;
    ssrc_ = ssrc;
    address_ = address;
    last_local_ns_ = local_ns;
    packet_ns_ = packet_ns;
    return changed ? SourceVerdict::accept_changed : SourceVerdict::accept;
}

} // namespace tutti
