// What systems do differently about the UDP ports that PTP comes in on: udp_port_linux.cpp,
// udp_port_macos.cpp.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>

namespace tutti::aes67::ptp {

// What the engine needs to listen on ports below 1024, as a request.
extern const char* const port_privilege;

// [control]
inline bool set_option(int fd, int level, int option, int value) noexcept {
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}
// Non-blocking, closed on exec; -1 with errno.
int open_udp_socket() noexcept;
// Shares its port with other PTP programs of this machine, hears the groups that it joins and no others, and
// says of each datagram where it came in. False with errno, like those below.
bool share_port(int fd) noexcept;
bool join_group(int fd, uint32_t group, int interface_index) noexcept;
// What is sent to groups goes out there.
bool send_through(int fd, int interface_index) noexcept;

// The control messages of a datagram that we know.
struct ControlMessages {
    explicit ControlMessages(msghdr& message) noexcept;

    std::optional<int64_t> software_ns; // by the kernel, in terms of stamp_clock
    std::optional<int64_t> hardware_ns; // by the card's clock
    std::optional<uint32_t> id;         // of a departure
    int interface_index = 0;
};

} // namespace tutti::aes67::ptp
