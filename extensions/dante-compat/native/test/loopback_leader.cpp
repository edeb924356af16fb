#include "loopback_leader.hpp"

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "clock_kit.hpp"
#include "v1_writer.hpp"

namespace tutti::dante_compat::test {

LoopbackLeader::LoopbackLeader(int64_t offset_ns, const char* subdomain)
    : offset_ns_(offset_ns), subdomain_(subdomain) {
    fd_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ip_mreqn out{};
    out.imr_ifindex = static_cast<int>(if_nametoindex("lo"));
    if (setsockopt(fd_, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof out) != 0)
        error_ = std::strerror(errno);
    else
        thread_ = std::thread([this] { run(); });
}

void LoopbackLeader::end() {
    ending_ = true;
    if (thread_.joinable())
        thread_.join();
    if (fd_ >= 0)
        close(fd_);
    fd_ = -1;
}

void LoopbackLeader::send(uint16_t port, const Header& header, const Body& body) {
    const auto bytes = write({header, body});
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(0xE0000181 + index_of(header.subdomain).value_or(0));
    if (sendto(fd_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) > 0)
        ++sent_;
}

void LoopbackLeader::run() {
    for (uint16_t sequence = 0; !ending_; ++sequence) {
        Header header = dante_header(id(), sequence);
        header.subdomain = subdomain(subdomain_);
        Sync sync = dante_sync(id().uuid);
        sync.log_interval = -5;
        const int64_t departs_ns = read_clock_pair(CLOCK_REALTIME).wall_ns + offset_ns_;
        send(319, header, sync);
        send(320, header, FollowUp{sequence, departs_ns});
        if (sequence % 16 == 0) {
            Header follower = header;
            follower.source.uuid = {2, 2, 2, 2, 2, 2};
            send(319, follower, DelayReq{});
        }
        std::this_thread::sleep_for(std::chrono::microseconds(31'250));
    }
}

} // namespace tutti::dante_compat::test
