#include "ptp/ptp_sockets.hpp"

#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace tutti::aes67::ptp {
namespace {

constexpr uint16_t ports[] = {319, 320};
constexpr uint32_t group = 0xE0000181;      // 224.0.1.129
constexpr uint32_t peer_group = 0xE000006B; // 224.0.0.107
constexpr int dscp = 46;                    // EF (AES67-2018 s.6.2)
constexpr int64_t most_wait_ns = 100'000'000;
constexpr int silent_enough = 3;
// The kernel begins to stamp arrivals some time after it was asked to (its net_enable_timestamp hands that to
// a worker): what comes in before is not worth its bad time.
constexpr int64_t unstamped_for_ns = 1'000'000'000;

int64_t nanoseconds(const timespec& time) noexcept {
    return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

int64_t now(clockid_t clock) noexcept {
    timespec time{};
    clock_gettime(clock, &time);
    return nanoseconds(time);
}

int64_t wall_now() noexcept {
    return now(CLOCK_REALTIME);
}

bool set(int fd, int level, int option, int value) noexcept {
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

// Lets the kernel drop what the clock would ignore: PTPv1, 802.1AS, Management and Signaling, others'
// answers, what is timed by anybody but the master, and requests unless we serve them. A flood of them does
// not even wake us. Offsets are from the UDP header.
bool filter(int fd, const std::optional<ClockIdentity>& master, bool serves) noexcept {
    constexpr uint32_t version = 8 + 1, type = 8, source = 8 + 20; // IEEE 1588-2008 s.13.3
    constexpr uint8_t identity = 10, accept = 14, drop = 15;       // lines
    const auto word = [&](size_t at) -> uint32_t {
        return master ? uint32_t{(*master)[at]} << 24 | uint32_t{(*master)[at + 1]} << 16 |
                            uint32_t{(*master)[at + 2]} << 8 | (*master)[at + 3]
                      : 0;
    };
    const auto is = [](MessageType value) { return static_cast<uint32_t>(value); };
    const uint8_t timed = master ? identity : drop;
    const uint8_t asked = serves ? accept : drop;
    const auto to = [](uint8_t line, uint8_t from) { return static_cast<uint8_t>(line - from - 1); };
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, version),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x0F),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 2, 0, to(drop, 2)),
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, type), // and transportSpecific 0
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, is(MessageType::announce), to(accept, 4), 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, is(MessageType::pdelay_req), to(accept, 5), 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, is(MessageType::delay_req), to(asked, 6), 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, is(MessageType::sync), to(timed, 7), 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, is(MessageType::follow_up), to(timed, 8), 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, is(MessageType::delay_resp), to(timed, 9), to(drop, 9)),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, source),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, word(0), 0, to(drop, 11)),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, source + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, word(4), 0, to(drop, 13)),
        BPF_STMT(BPF_RET | BPF_K, 0xFFFF),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    const sock_fprog program = {sizeof code / sizeof code[0], code};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

bool join(int fd, uint32_t address, int interface_index) noexcept {
    ip_mreqn request{};
    request.imr_multiaddr.s_addr = htonl(address);
    request.imr_ifindex = interface_index;
    return setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) == 0 ||
           errno == EADDRINUSE;
}

std::string failure(const char* what, uint16_t port) {
    const int error = errno;
    std::string sentence = std::string("The PTP clock could not ") + what + " UDP port " +
                           std::to_string(port) + ": " + std::strerror(error);
    if (error == EACCES || error == EPERM)
        sentence += "; give the engine CAP_NET_BIND_SERVICE";
    return sentence + ".";
}

} // namespace

// The control messages of a datagram that we know.
struct Sockets::Control {
    explicit Control(msghdr& message) noexcept;

    std::optional<int64_t> software_ns;
    std::optional<int64_t> hardware_ns; // by the card's clock
    std::optional<uint32_t> id;
    int interface_index = 0;
};

Sockets::Control::Control(msghdr& message) noexcept {
    for (cmsghdr* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPING) {
            scm_timestamping stamps{};
            std::memcpy(&stamps, CMSG_DATA(c), sizeof stamps);
            const auto read = [&](size_t index) -> std::optional<int64_t> {
                const int64_t ns = nanoseconds({stamps.ts[index].tv_sec, stamps.ts[index].tv_nsec});
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

std::string Sockets::open(const Interface& interface, bool hardware) {
    close();
    hardware_ = hardware;
    stamped_ns_ = now(CLOCK_MONOTONIC);
    for (const Channel channel : {Channel::event, Channel::general}) {
        std::string error = open_one(channel, interface);
        if (!error.empty()) {
            close();
            return error;
        }
    }
    return "";
}

std::string Sockets::open_one(Channel channel, const Interface& interface) {
    const uint16_t port = ports[static_cast<size_t>(channel)];
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return failure("make a socket for", port);
    fds_[static_cast<size_t>(channel)] = fd;
    ip_mreqn out{};
    out.imr_ifindex = interface.index;
    // Not SO_REUSEPORT: Linux (seen on 6.18) then hands what is multicast and wanted by one socket only, the
    // one of that interface, to any socket of the port.
    const bool prepared =
        set(fd, SOL_SOCKET, SO_REUSEADDR, 1) && set(fd, IPPROTO_IP, IP_PKTINFO, 1) &&
        set(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0) && set(fd, IPPROTO_IP, IP_MULTICAST_LOOP, 0) &&
        set(fd, IPPROTO_IP, IP_MULTICAST_TTL, 1) && set(fd, IPPROTO_IP, IP_TOS, dscp << 2) &&
        filter(fd, master_, serves_) && setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof out) == 0 &&
        arm_stamps(channel);
    if (!prepared)
        return failure("prepare", port);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return failure("listen on", port);
    if (!join(fd, group, interface.index) || !join(fd, peer_group, interface.index))
        return failure("join the PTP groups on", port);
    return "";
}

// Arrivals on both ports, departures of event messages. Armed anew, the kernel counts departures from 0.
bool Sockets::arm_stamps(Channel channel) noexcept {
    int flags = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE;
    if (hardware_)
        flags |= SOF_TIMESTAMPING_RAW_HARDWARE | SOF_TIMESTAMPING_RX_HARDWARE;
    if (channel == Channel::event) {
        // Of both kinds the kernel reports the card's only.
        flags |= hardware_ ? SOF_TIMESTAMPING_TX_HARDWARE : SOF_TIMESTAMPING_TX_SOFTWARE;
        flags |= SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;
        next_id_ = 0;
        flights_ = {};
    }
    return set(fd(channel), SOL_SOCKET, SO_TIMESTAMPING, 0) &&
           set(fd(channel), SOL_SOCKET, SO_TIMESTAMPING, flags);
}

void Sockets::listen_to(const std::optional<ClockIdentity>& master, bool serves) noexcept {
    if (master == master_ && serves == serves_)
        return;
    master_ = master;
    serves_ = serves;
    for (const int fd : fds_) {
        if (fd >= 0)
            filter(fd, master_, serves_);
    }
}

void Sockets::leave_hardware() noexcept {
    hardware_ = false;
    for (const Channel channel : {Channel::event, Channel::general})
        arm_stamps(channel);
}

void Sockets::close() noexcept {
    for (int& fd : fds_) {
        if (fd >= 0)
            ::close(fd);
        fd = -1;
    }
    flights_ = {};
}

bool Sockets::receive(Channel channel, Datagram& datagram) noexcept {
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
        const ssize_t length = recvmsg(fd(channel), &message, 0);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            return false;
        const Control control(message);
        if (channel == Channel::event) {
            const int64_t local_ns = now(CLOCK_MONOTONIC);
            if (control.software_ns)
                stamped_ns_ = local_ns;
            else if (local_ns - stamped_ns_ < unstamped_for_ns)
                continue;
        }
        datagram.length = static_cast<size_t>(length);
        datagram.source = from.sin_addr.s_addr;
        datagram.interface_index = control.interface_index;
        datagram.stamp = control.software_ns ? Stamp{*control.software_ns, StampKind::kernel}
                                             : Stamp{wall_now(), StampKind::user};
        if (hardware_ && control.software_ns && control.hardware_ns) {
            datagram.stamp.kind = StampKind::hardware;
            datagram.stamp.card_ns = *control.hardware_ns;
        }
        return true;
    }
}

bool Sockets::send(const Outgoing& outgoing) noexcept {
    const Channel channel = outgoing.is_event ? Channel::event : Channel::general;
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(ports[static_cast<size_t>(channel)]);
    to.sin_addr.s_addr = outgoing.destination == Destination::group        ? htonl(group)
                         : outgoing.destination == Destination::peer_group ? htonl(peer_group)
                                                                           : outgoing.address;
    const int64_t wall_ns = wall_now();
    const ssize_t sent = sendto(fd(channel), outgoing.bytes.data(), outgoing.length, 0,
                                reinterpret_cast<const sockaddr*>(&to), sizeof to);
    const bool taken = sent == static_cast<ssize_t>(outgoing.length);
    if (!outgoing.is_event)
        return taken;
    if (!taken) {
        arm_stamps(channel); // the kernel may or may not have counted it
        return false;
    }
    flights_[next_id_ % flights_.size()] = {true, next_id_, outgoing.token, wall_ns};
    ++next_id_;
    return true;
}

bool Sockets::awaits_departure() const noexcept {
    for (const Flight& flight : flights_) {
        if (flight.under_way)
            return true;
    }
    return false;
}

std::optional<Departure> Sockets::departure(int64_t now_wall_ns) noexcept {
    if (!is_open())
        return std::nullopt;
    if (const auto departure = reported())
        return departure;
    return overdue(now_wall_ns);
}

std::optional<Departure> Sockets::reported() noexcept {
    for (;;) {
        alignas(cmsghdr) char control_bytes[256];
        msghdr message{};
        message.msg_control = control_bytes;
        message.msg_controllen = sizeof control_bytes;
        if (recvmsg(fd(Channel::event), &message, MSG_ERRQUEUE) < 0) {
            if (errno == EINTR)
                continue;
            return std::nullopt;
        }
        const Control control(message);
        const auto& stamp_ns = hardware_ ? control.hardware_ns : control.software_ns;
        if (!control.id || !stamp_ns)
            continue;
        Flight& flight = flights_[*control.id % flights_.size()];
        if (!flight.under_way || flight.id != *control.id)
            continue;
        flight.under_way = false;
        unreported_ = 0;
        if (hardware_)
            return Departure{flight.token, {flight.wall_ns, StampKind::hardware, *stamp_ns}};
        return Departure{flight.token, {*stamp_ns, StampKind::kernel}};
    }
}

std::optional<Departure> Sockets::overdue(int64_t now_wall_ns) noexcept {
    for (Flight& flight : flights_) {
        if (!flight.under_way || now_wall_ns - flight.wall_ns < most_wait_ns)
            continue;
        flight.under_way = false;
        if (++unreported_ >= silent_enough)
            return Departure{flight.token, {flight.wall_ns, StampKind::user}};
    }
    return std::nullopt;
}

} // namespace tutti::aes67::ptp
