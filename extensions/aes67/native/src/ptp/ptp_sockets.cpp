#include "ptp/ptp_sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "clock_pair.hpp"
#include "ptp/udp_port.hpp"

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
// Datagrams that are passed over at once: a flood of them must not keep us from anything else.
constexpr int most_passed_over = 64;

std::string failure(const char* what, uint16_t port) {
    const int error = errno;
    std::string sentence = std::string("The PTP clock could not ") + what + " UDP port " +
                           std::to_string(port) + ": " + std::strerror(error);
    if (error == EACCES || error == EPERM)
        sentence += std::string("; ") + port_privilege;
    return sentence + ".";
}

} // namespace

std::string Sockets::open(const Interface& interface, bool hardware) {
    close();
    hardware_ = hardware;
    unreported_ = 0;
    stamped_ns_ = local_now();
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
    const int fd = open_udp_socket();
    if (fd < 0)
        return failure("make a socket for", port);
    fds_[static_cast<size_t>(channel)] = fd;
    const bool prepared = share_port(fd) && set_option(fd, IPPROTO_IP, IP_MULTICAST_LOOP, 0) &&
                          set_option(fd, IPPROTO_IP, IP_MULTICAST_TTL, 1) &&
                          set_option(fd, IPPROTO_IP, IP_TOS, dscp << 2) &&
                          ask_kernel_to_drop_others(fd, master_, serves_) &&
                          send_through(fd, interface.index) && arm_stamps(channel);
    if (!prepared)
        return failure("prepare", port);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return failure("listen on", port);
    if (!join_group(fd, group, interface.index) || !join_group(fd, peer_group, interface.index))
        return failure("join the PTP groups on", port);
    return "";
}

void Sockets::listen_to(const std::optional<ClockIdentity>& master, bool serves) noexcept {
    if (master == master_ && serves == serves_)
        return;
    master_ = master;
    serves_ = serves;
    for (const int fd : fds_) {
        if (fd >= 0)
            ask_kernel_to_drop_others(fd, master_, serves_);
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

// What the clock would ignore stays out: PTPv1, 802.1AS, Management and Signaling, others' answers, what is
// timed by anybody but the master, and requests unless we serve them.
bool Sockets::lets_in(const Datagram& datagram, const std::optional<ClockIdentity>& master,
                      bool serves) noexcept {
    constexpr size_t type = 0, version = 1, source = 20; // IEEE 1588-2008 s.13.3
    if (datagram.length <= version || (datagram.bytes[version] & 0x0F) != 2)
        return false;
    switch (static_cast<MessageType>(datagram.bytes[type])) { // and transportSpecific 0
    case MessageType::announce:
    case MessageType::pdelay_req:
        return true;
    case MessageType::delay_req:
        return serves;
    case MessageType::sync:
    case MessageType::follow_up:
    case MessageType::delay_resp:
        return master && datagram.length >= source + master->size() &&
               std::equal(master->begin(), master->end(), datagram.bytes.begin() + source);
    default:
        return false;
    }
}

bool Sockets::receive(Channel channel, Datagram& datagram) noexcept {
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
        const ssize_t length = recvmsg(fd(channel), &message, 0);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            return false;
        const ControlMessages control(message);
        if (channel == Channel::event) {
            const int64_t local_ns = local_now();
            if (control.software_ns)
                stamped_ns_ = local_ns;
            else if (local_ns - stamped_ns_ < unstamped_for_ns)
                continue;
        }
        datagram.length = static_cast<size_t>(length);
        if (!lets_in(datagram, master_, serves_))
            continue;
        datagram.source = from.sin_addr.s_addr;
        datagram.interface_index = control.interface_index;
        datagram.stamp = control.software_ns ? Stamp{*control.software_ns, StampKind::kernel}
                                             : Stamp{read_clock(stamp_clock), StampKind::user};
        if (hardware_ && control.software_ns && control.hardware_ns) {
            datagram.stamp.kind = StampKind::hardware;
            datagram.stamp.card_ns = *control.hardware_ns;
        }
        return true;
    }
    return false;
}

bool Sockets::send(const Outgoing& outgoing) noexcept {
    const Channel channel = outgoing.is_event ? Channel::event : Channel::general;
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(ports[static_cast<size_t>(channel)]);
    to.sin_addr.s_addr = outgoing.destination == Destination::group        ? htonl(group)
                         : outgoing.destination == Destination::peer_group ? htonl(peer_group)
                                                                           : outgoing.address;
    const int64_t wall_ns = read_clock(stamp_clock);
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
