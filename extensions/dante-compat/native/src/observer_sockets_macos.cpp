#include <sys/socket.h>

#include "clock_kit.hpp"
#include "observer_sockets.hpp"

namespace tutti::dante_compat {

// No socket of macOS has a filter.
bool ObserverSockets::ask_kernel_to_drop_others(int) noexcept {
    return true;
}

// In ticks of mach_absolute_time, which is local time.
bool ObserverSockets::stamp_arrivals(int fd) noexcept {
    return set_option(fd, SOL_SOCKET, SO_TIMESTAMP_MONOTONIC, 1);
}

} // namespace tutti::dante_compat
