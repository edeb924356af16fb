#include "loopback_master.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace tutti::aes67::ptp::test {
namespace {

const uint32_t group = htonl(0xE0000181); // 224.0.1.129

int64_t read_clock(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

int64_t local_now() {
    return read_clock(CLOCK_MONOTONIC);
}

} // namespace

PortIdentity LoopbackMaster::identity() {
    return {{0, 1, 2, 0xFF, 0xFE, 3, 4, 5}, 1};
}

LoopbackMaster::LoopbackMaster(uint8_t domain, int64_t offset_ns)
    : domain_(domain), offset_ns_(offset_ns), origin_local_ns_(local_now()),
      origin_time_ns_(read_clock(CLOCK_REALTIME) + offset_ns) {
    event_ = open(319, INADDR_ANY);
    own_event_ = open(319, INADDR_LOOPBACK + 1);
    general_ = open(320, INADDR_ANY);
    if (error_.empty())
        thread_ = std::thread([this] { run(); });
}

LoopbackMaster::~LoopbackMaster() {
    ending_ = true;
    if (thread_.joinable())
        thread_.join();
    for (const int fd : {event_, own_event_, general_})
        close(fd);
}

int64_t LoopbackMaster::time_at(int64_t local_ns) const {
    const std::lock_guard lock(mutex_);
    const int64_t since = local_ns - origin_local_ns_;
    return origin_time_ns_ + since + static_cast<int64_t>(static_cast<double>(since) * ppm_ * 1e-6);
}

int64_t LoopbackMaster::time() const {
    return time_at(local_now());
}

void LoopbackMaster::step(int64_t ns) {
    const std::lock_guard lock(mutex_);
    origin_time_ns_ += ns;
}

void LoopbackMaster::slew(double ppm) {
    const int64_t local_ns = local_now();
    const int64_t time_ns = time_at(local_ns);
    const std::lock_guard lock(mutex_);
    origin_local_ns_ = local_ns;
    origin_time_ns_ = time_ns;
    ppm_ = ppm;
}

int LoopbackMaster::open(uint16_t port, uint32_t own_address) {
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    for (const int option : {SO_REUSEADDR, SO_REUSEPORT})
        setsockopt(fd, SOL_SOCKET, option, &on, sizeof on);
    setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof on);
    setsockopt(fd, IPPROTO_IP, IP_RECVTOS, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(own_address);
    ip_mreqn join{};
    join.imr_multiaddr.s_addr = group;
    join.imr_ifindex = static_cast<int>(if_nametoindex("lo"));
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join) != 0 ||
        setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &join, sizeof join) != 0)
        error_ = std::strerror(errno);
    return fd;
}

void LoopbackMaster::send(int fd, uint16_t port, const Body& body, uint16_t sequence, int8_t log_interval) {
    Message message;
    message.header.domain = domain_;
    message.header.source = identity();
    message.header.sequence = sequence;
    message.header.log_interval = log_interval;
    message.header.flags = flag::ptp_timescale;
    message.body = body;
    std::array<uint8_t, most_message_bytes> bytes{};
    const size_t length = write(message, bytes);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = group;
    sendto(fd, bytes.data(), length, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

void LoopbackMaster::answer(int fd) {
    std::array<uint8_t, 256> bytes;
    iovec data{bytes.data(), bytes.size()};
    alignas(cmsghdr) char control[256];
    msghdr received{};
    received.msg_iov = &data;
    received.msg_iovlen = 1;
    received.msg_control = control;
    received.msg_controllen = sizeof control;
    const ssize_t length = recvmsg(fd, &received, 0);
    const int64_t arrival = time();
    if (length < 0 || silent_)
        return;
    const ParseResult parsed = parse({bytes.data(), static_cast<size_t>(length)});
    const auto* message = std::get_if<Message>(&parsed);
    if (!message || !std::holds_alternative<DelayReq>(message->body) || message->header.domain != domain_)
        return;
    for (cmsghdr* c = CMSG_FIRSTHDR(&received); c; c = CMSG_NXTHDR(&received, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL)
            last_ttl_ = *reinterpret_cast<const int*>(CMSG_DATA(c));
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TOS)
            last_tos_ = *CMSG_DATA(c);
    }
    ++requests_;
    send(general_, 320, DelayResp{arrival, message->header.source}, message->header.sequence, -3);
}

void LoopbackMaster::run() {
    Announce announce;
    announce.grandmaster = identity().clock;
    for (uint16_t tick = 0; !ending_; ++tick) {
        if (!silent_) {
            if (tick % 4 == 0)
                send(general_, 320, announce, tick, -3);
            send(own_event_, 319, Sync{time()}, tick, -5);
        }
        const int64_t next = local_now() + 31'250'000;
        for (int64_t left = 31'250'000; left > 0; left = next - local_now()) {
            pollfd fds[] = {{event_, POLLIN, 0}, {own_event_, POLLIN, 0}};
            poll(fds, 2, static_cast<int>(left / 1'000'000) + 1);
            for (const pollfd& ready : fds) {
                if (ready.revents & POLLIN)
                    answer(ready.fd);
            }
        }
    }
}

} // namespace tutti::aes67::ptp::test
