#include "ptp/peer_responder.hpp"

#include <algorithm>

namespace tutti::aes67::ptp {

bool PeerResponder::request(const Header& header, uint32_t address, uint16_t port, int64_t received_ns,
                            int64_t now) noexcept {
    if (now - last_ns_ < least_gap_ns)
        return false;
    last_ns_ = now;
    // The oldest exchange gives way: its departure was never reported.
    exchanges_[next_slot_] = {Step::respond, header, address, port, received_ns, 0};
    next_slot_ = (next_slot_ + 1) % capacity;
    return true;
}

bool PeerResponder::has_next() const noexcept {
    return std::any_of(exchanges_.begin(), exchanges_.end(), [](const Exchange& e) {
        return e.step == Step::respond || e.step == Step::follow_up;
    });
}

Header PeerResponder::header_for(const Exchange& exchange, uint16_t flags) const noexcept {
    Header header;
    header.domain = exchange.request.domain;
    header.flags = static_cast<uint16_t>(flags | (exchange.request.flags & flag::unicast));
    header.source = {identity_, exchange.port};
    header.sequence = exchange.request.sequence;
    return header;
}

std::optional<PeerResponder::Answer> PeerResponder::next() noexcept {
    for (uint32_t slot = 0; slot < capacity; ++slot) {
        Exchange& exchange = exchanges_[slot];
        const bool unicast = exchange.request.has(flag::unicast);
        if (exchange.step == Step::respond) {
            exchange.step = Step::sent;
            return Answer{{header_for(exchange, flag::two_step), PdelayResp{0, exchange.request.source}},
                          unicast,
                          exchange.address,
                          slot};
        }
        if (exchange.step == Step::follow_up) {
            exchange.step = Step::free;
            Header header = header_for(exchange, 0);
            header.correction_ns = exchange.request.correction_ns + exchange.turnaround_ns;
            return Answer{
                {header, PdelayRespFollowUp{0, exchange.request.source}}, unicast, exchange.address, slot};
        }
    }
    return std::nullopt;
}

void PeerResponder::departed(uint32_t slot, int64_t local_ns) noexcept {
    Exchange& exchange = exchanges_[slot % capacity];
    if (exchange.step != Step::sent)
        return;
    exchange.turnaround_ns = local_ns - exchange.received_ns;
    exchange.step = Step::follow_up;
}

} // namespace tutti::aes67::ptp
