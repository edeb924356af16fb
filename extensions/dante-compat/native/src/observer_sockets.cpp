#include "observer_sockets.hpp"

#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "clock_pair.hpp"

namespace tutti::dante_compat {
namespace {

constexpr uint16_t event_port = 319;
constexpr uint16_t general_port = 320;
constexpr uint32_t first_group = 0xE0000181; // 224.0.1.129, _DFLT; the others follow
// The kernel begins to stamp arrivals some time after it was asked to: what comes in before is not worth its
// bad time.
constexpr int64_t unstamped_for_ns = 1'000'000'000;

bool set(int fd, int level, int option, int value) noexcept {
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

// Lets the kernel drop what is not ours to read, PTPv2 and Management: a flood of them does not even wake us.
// Offsets are from the UDP header; what is too short for them is dropped, too.
bool drop_what_is_not_ours(int fd) noexcept {
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 8), // versionPTP
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 3),
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 8 + 32), // control: 0 to 3 are Sync to Delay_Resp
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 3, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xFFFF),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    const sock_fprog program = {sizeof code / sizeof code[0], code};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

std::string failure(const char* what, uint16_t port) {
    const int error = errno;
    std::string sentence = std::string("The PTPv1 clock could not ") + what + " UDP port " +
                           std::to_string(port) + ": " + std::strerror(error);
    if (error == EACCES || error == EPERM)
        sentence += "; give the engine CAP_NET_BIND_SERVICE";
    return sentence + ".";
}

// From the control messages of a datagram. `software_ns` is 0 if the kernel has not stamped it.
struct Arrival {
    int64_t software_ns = 0;
    int interface_index = 0;
};

Arrival read_arrival(msghdr& message) noexcept {
    Arrival arrival;
    for (cmsghdr* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPING) {
            scm_timestamping stamps{};
            std::memcpy(&stamps, CMSG_DATA(c), sizeof stamps);
            arrival.software_ns = int64_t{stamps.ts[0].tv_sec} * 1'000'000'000 + stamps.ts[0].tv_nsec;
        } else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            in_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(c), sizeof info);
            arrival.interface_index = info.ipi_ifindex;
        }
    }
    return arrival;
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
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return failure("make a socket for", port);
    fds_[socket] = fd;
    const bool prepared =
        set(fd, SOL_SOCKET, SO_REUSEADDR, 1) && // not SO_REUSEPORT: see the sockets of aes67's PTP
        set(fd, IPPROTO_IP, IP_PKTINFO, 1) && set(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0) &&
        drop_what_is_not_ours(fd) &&
        (!is_event(socket) ||
         set(fd, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE));
    if (!prepared)
        return failure("prepare", port);
    ip_mreqn join{};
    join.imr_multiaddr.s_addr = htonl(first_group + static_cast<uint32_t>(socket % (count / 2)));
    join.imr_ifindex = interface.index;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr = join.imr_multiaddr;
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return failure("listen on", port);
    if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join) != 0)
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

bool ObserverSockets::receive(size_t socket, Datagram& datagram) noexcept {
    for (;;) {
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
        const Arrival arrival = read_arrival(message);
        if (arrival.interface_index != interface_index_)
            continue;
        datagram.stamped = arrival.software_ns != 0;
        if (is_event(socket)) {
            const int64_t now = local_now();
            if (datagram.stamped)
                stamped_ns_ = now;
            else if (now - stamped_ns_ < unstamped_for_ns)
                continue;
        }
        datagram.length = static_cast<size_t>(length);
        datagram.source = from.sin_addr.s_addr;
        datagram.wall_ns = datagram.stamped ? arrival.software_ns : read_clock_pair(CLOCK_REALTIME).wall_ns;
        return true;
    }
}

} // namespace tutti::dante_compat
