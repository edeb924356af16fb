#include "datagrams.hpp"

#include "local_time.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace tutti {
FileDescriptor open_datagram_socket() {
    return FileDescriptor(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

void set_receive_buffer(int fd, int bytes) {
    if (!set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes))
        set_option(fd, SOL_SOCKET, SO_RCVBUF, bytes);
}

void set_send_buffer(int fd, int bytes) {
    if (!set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, bytes))
        set_option(fd, SOL_SOCKET, SO_SNDBUF, bytes);
}

bool ask_for_arrival_times(int fd) {
    return set_option(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
}

void hear_own_groups_only(int fd) {
    set_option(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
}

int receive_datagrams(int fd, mmsghdr* messages, unsigned count) noexcept {
    return recvmmsg(fd, messages, count, MSG_DONTWAIT, nullptr);
}

int send_datagrams(int fd, mmsghdr* messages, unsigned count) noexcept {
    return sendmmsg(fd, messages, count, 0);
}

/// Kernel stamps are wall time; the wall may be stepped.
void ArrivalTimes::begin_cycle() noexcept {
    relate(local_now_ns() - read_clock_ns(CLOCK_REALTIME));
}

void ArrivalTimes::relate(int64_t stamp_to_local_ns) noexcept {
    // Both clocks are slewed alike. Less is the time between reading the one and the other.
    constexpr int64_t step_ns = 1'000'000;
    stepped_ = std::llabs(stamp_to_local_ns - stamp_to_local_ns_) > step_ns;
    stamp_to_local_ns_ = stamp_to_local_ns;
}

int64_t ArrivalTimes::of(msghdr& message, int64_t latest) const noexcept {
    if (stepped_)
        return latest; // stamped before the step, perhaps: it would be as far in the past as the step is long
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS)
            continue;
        timespec wall{};
        std::memcpy(&wall, CMSG_DATA(part), sizeof(wall));
        // Nothing comes from the future: such a stamp was taken before wall time was set back.
        return std::min(static_cast<int64_t>(wall.tv_sec) * ns_per_second + wall.tv_nsec + stamp_to_local_ns_,
                        latest);
    }
    return latest;
}

} // namespace tutti
