#include "observer_sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "clock_kit.hpp"

namespace tutti::dante_compat {
namespace {

constexpr uint16_t event_port = 319;
constexpr uint16_t general_port = 320;
constexpr uint32_t first_group = 0xE0000181; // 224.0.1.129, _DFLT; the others follow
// The kernel begins to stamp arrivals some time after it was asked to: what comes in before is not worth its
// bad time.
constexpr int64_t unstamped_for_ns = 1'000'000'000;
// Datagrams that are passed over at once: a flood of them must not keep us from anything else.
constexpr int most_passed_over = 64;

std::string failure(const char* what, uint16_t port) {
    const int error = errno;
    std::string sentence = std::string("The PTPv1 clock could not ") + what + " UDP port " +
                           std::to_string(port) + ": " + std::strerror(error);
    if (error == EACCES || error == EPERM)
        sentence += std::string("; ") + port_privilege;
    return sentence + ".";
}

} // namespace

std::string ObserverSockets::open(const NetworkInterface& interface) {
    close();
    interface_index_ = interface.index;
    stamped_ns_ = local_now();
    for (size_t socket = 0; socket < count; ++socket) {
        std::string error = open_one(socket, interface);
        if (!error.empty()) {
            close();
            return error;
        }
    }
    return "";
}

std::string ObserverSockets::open_one(size_t socket, const NetworkInterface& interface) {
    const uint16_t port = is_event(socket) ? event_port : general_port;
    const int fd = open_udp_socket();
    if (fd < 0)
        return failure("make a socket for", port);
    fds_[socket] = fd;
    const bool prepared =
        share_port(fd) && ask_kernel_to_drop_others(fd) && (!is_event(socket) || stamp_arrivals(fd));
    if (!prepared)
        return failure("prepare", port);
    const uint32_t group = first_group + static_cast<uint32_t>(socket % (count / 2));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(group);
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return failure("listen on", port);
    if (!join_group(fd, group, interface.index))
        return failure("join the PTP groups on", port);
    return "";
}

void ObserverSockets::close() noexcept {
    for (int& fd : fds_) {
        if (fd >= 0)
            ::close(fd);
        fd = -1;
    }
}

bool ObserverSockets::is_ours(const Datagram& datagram) noexcept {
    constexpr size_t control = 32; // 0 to 3 are Sync to Delay_Resp
    return datagram.length > control && datagram.bytes[0] == 0 && datagram.bytes[1] == 1 && // versionPTP
           datagram.bytes[control] <= 3;
}

bool ObserverSockets::receive(size_t socket, Datagram& datagram) noexcept {
    for (int i = 0; i < most_passed_over; ++i) {
        sockaddr_in from{};
        iovec data{datagram.bytes.data(), datagram.bytes.size()};
        alignas(cmsghdr) char control_bytes[256];
        msghdr message{};
        message.msg_name = &from;
        message.msg_namelen = sizeof from;
        message.msg_iov = &data;
        message.msg_iovlen = 1;
        message.msg_control = control_bytes;
        message.msg_controllen = sizeof control_bytes;
        const ssize_t length = recvmsg(fds_[socket], &message, 0);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            return false;
        const ControlMessages control(message);
        datagram.length = static_cast<size_t>(length);
        if (control.interface_index != interface_index_ || !is_ours(datagram))
            continue;
        datagram.stamped = control.software_ns.has_value();
        if (is_event(socket)) {
            const int64_t now = local_now();
            if (datagram.stamped)
                stamped_ns_ = now;
            else if (now - stamped_ns_ < unstamped_for_ns)
                continue;
        }
        datagram.source = from.sin_addr.s_addr;
        datagram.wall_ns = control.software_ns.value_or(read_clock(stamp_clock));
        return true;
    }
    return false;
}

} // namespace tutti::dante_compat
