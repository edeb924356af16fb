#include "transmit_socket.hpp"

#include "datagrams.hpp"
#include "net_interface.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

namespace tutti {

std::optional<Problem> TransmitSocket::open(const Key& key, const std::string& field,
                                            TransmitSocket& result) {
    constexpr int send_buffer_bytes = 4 << 20;
    const uint32_t interface = interface_index(key.interface_address);
    if (interface == 0)
        return interface_gone(field + ".interface", key.interface_address);
    FileDescriptor fd = open_datagram_socket();
    if (!fd)
        return socket_problem(errno, field, "socket");
    set_send_buffer(fd.get(), send_buffer_bytes);
    if (!set_option(fd.get(), IPPROTO_IP, IP_TOS, static_cast<int>(key.dscp << 2)))
        return socket_problem(errno, "dscp", "IP_TOS");
    if (!set_option(fd.get(), IPPROTO_IP, IP_MULTICAST_TTL, static_cast<int>(key.ttl)) ||
        !set_option(fd.get(), IPPROTO_IP, IP_TTL, static_cast<int>(key.ttl))) {
        return socket_problem(errno, "ttl", "IP_TTL");
    }
    in_addr out{};
    out.s_addr = ipv4(key.interface_address);
    if (setsockopt(fd.get(), IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof(out)) != 0) {
        return socket_problem(errno, field + ".interface",
                              "cannot send multicast from " + key.interface_address);
    }
    sockaddr_in local{};
    local.sin_family = AF_INET;
    local.sin_addr = out;
    if (bind(fd.get(), reinterpret_cast<sockaddr*>(&local), sizeof(local)) != 0) {
        return socket_problem(errno, field + ".interface", "cannot send from " + key.interface_address);
    }
    result.fd_ = std::move(fd);
    result.interface_ = interface;
    return std::nullopt;
}

} // namespace tutti
