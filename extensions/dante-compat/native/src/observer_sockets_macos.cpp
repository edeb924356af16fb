#include <sys/socket.h>

#include "clock_kit.hpp"
#include "observer_sockets.hpp"

namespace tutti::dante_compat {

// No socket of macOS has a filter: is_ours() is the one.
bool ObserverSockets::drop_what_is_not_ours(int) noexcept {
    return true;
}

bool ObserverSockets::is_ours(const Datagram& datagram) noexcept {
    constexpr size_t control = 32; // 0 to 3 are Sync to Delay_Resp
    return datagram.length > control && datagram.bytes[0] == 0 && datagram.bytes[1] == 1 && // versionPTP
           datagram.bytes[control] <= 3;
}

// In ticks of mach_absolute_time, which is local time.
bool ObserverSockets::stamp_arrivals(int fd) noexcept {
    return set_option(fd, SOL_SOCKET, SO_TIMESTAMP_MONOTONIC, 1);
}

} // namespace tutti::dante_compat
