#include "ptp/ptp_sockets.hpp"

#include <sys/socket.h>

#include <algorithm>

#include "ptp/udp_port.hpp"

namespace tutti::aes67::ptp {

// No socket of macOS has a filter: lets_in() is ours.
bool Sockets::filter(int) const noexcept {
    return true;
}

bool Sockets::lets_in(const Datagram& datagram) const noexcept {
    constexpr size_t type = 0, version = 1, source = 20; // IEEE 1588-2008 s.13.3
    if (datagram.length < source + sizeof(ClockIdentity) || (datagram.bytes[version] & 0x0F) != 2)
        return false;
    switch (static_cast<MessageType>(datagram.bytes[type])) { // and transportSpecific 0
    case MessageType::announce:
    case MessageType::pdelay_req:
        return true;
    case MessageType::delay_req:
        return serves_;
    case MessageType::sync:
    case MessageType::follow_up:
    case MessageType::delay_resp:
        return master_ && std::equal(master_->begin(), master_->end(), datagram.bytes.begin() + source);
    default:
        return false;
    }
}

// Arrivals, in ticks of mach_absolute_time, which is local time: no wall clock in between. There is nothing
// of the kind for departures, and nothing of the card's.
bool Sockets::arm_stamps(Channel channel) noexcept {
    if (channel == Channel::event) {
        next_id_ = 0;
        flights_ = {};
    }
    return set_option(fd(channel), SOL_SOCKET, SO_TIMESTAMP_MONOTONIC, 1);
}

// Nobody will say more of a departure than what is known at once: when we asked for it. Not when the call
// came back: what holds us up then makes the path longer, and slow ones are passed over (LuckyWindow); it
// would make it shorter.
std::optional<Departure> Sockets::reported() noexcept {
    const auto flight =
        std::find_if(flights_.begin(), flights_.end(), [](const Flight& each) { return each.under_way; });
    if (flight == flights_.end())
        return std::nullopt;
    flight->under_way = false;
    return Departure{flight->token, {flight->wall_ns, StampKind::user}};
}

} // namespace tutti::aes67::ptp
