#include "ptp/ptp_sockets.hpp"

#include <sys/socket.h>

#include <algorithm>

#include "ptp/udp_port.hpp"

namespace tutti::aes67::ptp {

// No socket of macOS has a filter.
bool Sockets::ask_kernel_to_drop_others(int, const std::optional<ClockIdentity>&, bool) noexcept {
    return true;
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
