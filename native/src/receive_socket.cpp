#include "receive_socket.hpp"

#include "datagrams.hpp"
#include "net_interface.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

namespace tutti {
namespace {

/// Room for a stream's packets while the audio thread is kept from running; a fifth of a second at the
/// highest rates.
constexpr int receive_buffer_bytes = 4 << 20;

/// Joins, source by source where the description names them (IGMPv3), else any source. Returns errno or 0.
int join(int fd, const ReceiverLegPlan& leg) {
    const uint32_t group = ipv4(leg.address);
    const uint32_t interface = ipv4(leg.interface_address);
    for (const std::string& source : leg.sources) {
        ip_mreq_source request{};
        request.imr_multiaddr.s_addr = group;
        request.imr_interface.s_addr = interface;
        request.imr_sourceaddr.s_addr = ipv4(source);
        if (setsockopt(fd, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &request, sizeof(request)) != 0)
            return errno;
    }
    if (!leg.sources.empty())
        return 0;
    ip_mreq request{};
    request.imr_multiaddr.s_addr = group;
    request.imr_interface.s_addr = interface;
    return setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof(request)) == 0 ? 0 : errno;
}

} // namespace

std::optional<Problem> ReceiveSocket::open(const ReceiverLegPlan& leg, const std::string& field,
                                           ReceiveSocket& result) {
    const uint32_t interface = interface_index(leg.interface_address);
    if (interface == 0)
        return interface_gone(field + ".interface", leg.interface_address);
    FileDescriptor fd = open_datagram_socket();
    if (!fd)
        return socket_problem(errno, field, "socket");
    const bool multicast = is_multicast(ipv4(leg.address));
    // A group may have several listeners on this machine; a unicast port must be ours alone, or packets would
    // be shared out.
    if (multicast && !set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1))
        return socket_problem(errno, field, "SO_REUSEADDR");
    set_receive_buffer(fd.get(), receive_buffer_bytes);
    if (!ask_for_arrival_times(fd.get()))
        return socket_problem(errno, field, "arrival times");
    if (multicast)
        hear_own_groups_only(fd.get());
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(leg.port));
    address.sin_addr.s_addr = ipv4(leg.address);
    if (bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
        return socket_problem(errno, field + ".port",
                              "cannot listen on " + leg.address + ":" + std::to_string(leg.port));
    }
    if (multicast) {
        if (const int error = join(fd.get(), leg)) {
            return socket_problem(error, field + ".interface",
                                  "cannot join " + leg.address + " on " + leg.interface_address);
        }
    }
    result.fd_ = std::move(fd);
    result.interface_ = interface;
    return std::nullopt;
}

} // namespace tutti
