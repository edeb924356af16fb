// A PTPv1 leader for measurements: no program of that kind is packaged any more. Its time is CLOCK_REALTIME
// plus an offset, as the kernel stamps its departures; four Syncs a second with Follow_Up, like a Dante
// leader's.
//   ptpv1_sender INTERFACE OFFSET_NS [CAPTURE]
// With a capture it sends at the times at which that came in, over and over. Ends when it is killed.
#include <time.h> // before errqueue.h, which needs its timespec

#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "capture.hpp"
#include "clock_kit.hpp"
#include "v1_writer.hpp"

using namespace tutti::dante_compat;
using namespace tutti::dante_compat::test;

namespace {

constexpr int64_t second = 1'000'000'000;

sockaddr_in group(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(0xE0000181);
    return address;
}

// -1 if it cannot be had.
int open_socket(const char* interface, uint16_t port) {
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ip_mreqn out{};
    out.imr_ifindex = static_cast<int>(if_nametoindex(interface));
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_port = htons(port);
    const bool opened = setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof out) == 0 &&
                        bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0;
    return opened ? fd : -1;
}

void send(int fd, uint16_t port, const Message& message) {
    const auto bytes = write(message);
    const sockaddr_in to = group(port);
    if (sendto(fd, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) < 0)
        std::perror("ptpv1_sender: sendto");
}

// When the last Sync left, by the kernel.
std::optional<int64_t> departure(int fd) {
    pollfd reported{fd, 0, 0};
    poll(&reported, 1, 100);
    alignas(cmsghdr) char control[256];
    msghdr message{};
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
        return std::nullopt;
    for (cmsghdr* c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_TIMESTAMPING)
            continue;
        scm_timestamping stamps{};
        std::memcpy(&stamps, CMSG_DATA(c), sizeof stamps);
        return stamps.ts[0].tv_sec * second + stamps.ts[0].tv_nsec;
    }
    return std::nullopt;
}

// Times of Syncs after the first one; without a capture they are 0.25 s apart.
std::vector<int64_t> sync_times(const char* capture) {
    std::vector<int64_t> times = {0};
    if (!capture)
        return times;
    std::optional<int64_t> first;
    for (const CapturedPtp& each : read_capture(capture)) {
        if (!each.is_event)
            continue;
        if (first && each.at_ns > *first)
            times.push_back(each.at_ns - *first);
        first = first.value_or(each.at_ns);
    }
    return times;
}

} // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        std::fprintf(stderr, "usage: ptpv1_sender INTERFACE OFFSET_NS [CAPTURE]\n");
        return 2;
    }
    const int64_t offset_ns = std::atoll(arguments[2]);
    const std::vector<int64_t> times = sync_times(count > 3 ? arguments[3] : nullptr);
    const int64_t round_ns = times.back() + second / 4;
    std::fprintf(stderr, "ptpv1_sender: %zu Syncs a round of %lld ms\n", times.size(),
                 static_cast<long long>(round_ns / 1'000'000));
    const int event = open_socket(arguments[1], 319);
    const int general = open_socket(arguments[1], 320);
    // Of Syncs only: the departure of a Follow_Up would be taken for that of the next Sync.
    const int stamps = SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY;
    if (event < 0 || general < 0 ||
        setsockopt(event, SOL_SOCKET, SO_TIMESTAMPING, &stamps, sizeof stamps) != 0) {
        std::perror("ptpv1_sender");
        return 1;
    }
    const PortId id = {{0x02, 0x54, 0x54, 0, 0, 1}, 1};
    uint16_t sequence = 0;
    for (int64_t round = local_now();; round += round_ns) {
        for (const int64_t at : times) {
            const timespec wake = {(round + at) / second, (round + at) % second};
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, nullptr);
            const Header header = dante_header(id, ++sequence);
            send(event, 319,
                 {header, dante_sync(id.uuid, read_clock_pair(CLOCK_REALTIME).wall_ns + offset_ns)});
            if (const auto left_ns = departure(event))
                send(general, 320, {header, FollowUp{sequence, *left_ns + offset_ns}});
        }
    }
}
