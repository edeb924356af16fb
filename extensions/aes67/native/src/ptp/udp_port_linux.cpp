#include "ptp/udp_port.hpp"

#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace tutti::aes67::ptp {

const char* const port_privilege = "give the engine CAP_NET_BIND_SERVICE";

int open_udp_socket() noexcept {
    return socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

// Not SO_REUSEPORT: Linux (seen on 6.18) then hands what is multicast and wanted by one socket only, the
// one of that interface, to any socket of the port.
bool share_port(int fd) noexcept {
    return set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) && set_option(fd, IPPROTO_IP, IP_PKTINFO, 1) &&
           set_option(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
}

bool join_group(int fd, uint32_t group, int interface_index) noexcept {
    ip_mreqn request{};
    request.imr_multiaddr.s_addr = htonl(group);
    request.imr_ifindex = interface_index;
    return setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) == 0 ||
           errno == EADDRINUSE;
}

bool send_through(int fd, int interface_index) noexcept {
    ip_mreqn out{};
    out.imr_ifindex = interface_index;
    return setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof out) == 0;
}

ControlMessages::ControlMessages(msghdr& message) noexcept {
    for (cmsghdr* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPING) {
            scm_timestamping stamps{};
            std::memcpy(&stamps, CMSG_DATA(c), sizeof stamps);
            const auto read = [&](size_t index) -> std::optional<int64_t> {
                const int64_t ns =
                    int64_t{stamps.ts[index].tv_sec} * 1'000'000'000 + stamps.ts[index].tv_nsec;
                return ns != 0 ? std::optional(ns) : std::nullopt;
            };
            software_ns = read(0);
            hardware_ns = read(2);
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            in_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(c), sizeof info);
            interface_index = info.ipi_ifindex;
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) {
            sock_extended_err error{};
            std::memcpy(&error, CMSG_DATA(c), sizeof error);
            if (error.ee_origin == SO_EE_ORIGIN_TIMESTAMPING)
                id = error.ee_data;
        }
    }
}

} // namespace tutti::aes67::ptp
