#include "ptp/udp_port.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <mach/mach_time.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tutti::aes67::ptp {
namespace {

// What a tick of mach_absolute_time is: 125/3 ns on Apple silicon.
int64_t ticks_to_ns(uint64_t ticks) noexcept {
    static const mach_timebase_info_data_t timebase = [] {
        mach_timebase_info_data_t info{};
        mach_timebase_info(&info);
        return info;
    }();
    const auto& [numer, denom] = timebase;
    return static_cast<int64_t>(ticks / denom * numer + ticks % denom * numer / denom);
}

} // namespace

const char* const port_privilege = "start the engine as root";

int open_udp_socket() noexcept {
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || (fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0))
        return fd;
    const int error = errno;
    close(fd);
    errno = error;
    return -1;
}

// Without SO_REUSEPORT a BSD system lets no second socket bind to a port of any address, not even our own for
// another interface. A socket hears what it joined itself, and nothing else.
bool share_port(int fd) noexcept {
    return set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) && set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1) &&
           set_option(fd, IPPROTO_IP, IP_RECVPKTINFO, 1);
}

// By index (RFC 3678): IP_ADD_MEMBERSHIP reads an interface's address only.
bool join_group(int fd, uint32_t group, int interface_index) noexcept {
    group_req request{};
    request.gr_interface = static_cast<uint32_t>(interface_index);
    sockaddr_in address{};
    address.sin_len = sizeof address;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(group);
    std::memcpy(&request.gr_group, &address, sizeof address);
    return setsockopt(fd, IPPROTO_IP, MCAST_JOIN_GROUP, &request, sizeof request) == 0 || errno == EADDRINUSE;
}

bool send_through(int fd, int interface_index) noexcept {
    return set_option(fd, IPPROTO_IP, IP_MULTICAST_IFINDEX, interface_index);
}

ControlMessages::ControlMessages(msghdr& message) noexcept {
    for (cmsghdr* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMP_MONOTONIC) {
            uint64_t ticks = 0;
            std::memcpy(&ticks, CMSG_DATA(c), sizeof ticks);
            software_ns = ticks_to_ns(ticks);
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            in_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(c), sizeof info);
            interface_index = static_cast<int>(info.ipi_ifindex);
        }
    }
}

} // namespace tutti::aes67::ptp
