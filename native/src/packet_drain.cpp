#include "packet_drain.hpp"

#include "receiver.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <cstring>

namespace tutti {
namespace {

/// Kernel receive time of a packet in local ns; `latest`, the present, if the kernel gave none.
int64_t arrival_of(msghdr& header, int64_t wall_to_local_ns, int64_t latest) noexcept {
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS)
            continue;
        timespec wall{};
        std::memcpy(&wall, CMSG_DATA(part), sizeof(wall));
        // Nothing comes from the future: such a stamp was taken before wall time was set back.
        return std::min(static_cast<int64_t>(wall.tv_sec) * ns_per_second + wall.tv_nsec + wall_to_local_ns,
                        latest);
    }
    return latest;
}

} // namespace

PacketDrain::PacketDrain() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    for (std::size_t i = 0; i < batch; ++i)
        vectors_[i] = {buffers_[i].data(), buffer_bytes};
}

bool PacketDrain::add(ReceiveLeg& leg) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &leg;
    return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, leg.fd, &event) == 0;
}

void PacketDrain::remove(const ReceiveLeg& leg) {
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, leg.fd, nullptr);
}

void PacketDrain::drain(const CycleContext& cycle) noexcept {
    std::array<epoll_event, max_events> events;
    const int ready = epoll_wait(epoll_.get(), events.data(), max_events, 0);
    if (ready <= 0)
        return;
    // Kernel stamps are wall time; the wall may be stepped, so the difference is read anew in every cycle.
    const int64_t wall_to_local_ns = local_now_ns() - read_clock_ns(CLOCK_REALTIME);
    for (int i = 0; i < ready; ++i) {
        drain_leg(*static_cast<const ReceiveLeg*>(events[static_cast<std::size_t>(i)].data.ptr), cycle,
                  wall_to_local_ns);
    }
}

void PacketDrain::drain_leg(const ReceiveLeg& leg, const CycleContext& cycle,
                            int64_t wall_to_local_ns) noexcept {
    // A flood on one socket must not keep the others waiting for ever: what is left comes with the next
    // cycle.
    constexpr int max_rounds = 16;
    for (int round = 0; round < max_rounds; ++round) {
        for (std::size_t i = 0; i < batch; ++i) {
            headers_[i].msg_hdr = {};
            headers_[i].msg_hdr.msg_name = &sources_[i];
            headers_[i].msg_hdr.msg_namelen = sizeof(sources_[i]);
            headers_[i].msg_hdr.msg_iov = &vectors_[i];
            headers_[i].msg_hdr.msg_iovlen = 1;
            headers_[i].msg_hdr.msg_control = controls_[i].data();
            headers_[i].msg_hdr.msg_controllen = controls_[i].size();
        }
        const int count = recvmmsg(leg.fd, headers_.data(), batch, MSG_DONTWAIT, nullptr);
        if (count <= 0)
            return;
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            msghdr& header = headers_[i].msg_hdr;
            const bool cut = (header.msg_flags & MSG_TRUNC) != 0;
            const std::size_t bytes = cut ? 0 : headers_[i].msg_len;
            leg.receiver->receive({{buffers_[i].data(), bytes},
                                   sources_[i].sin_addr.s_addr,
                                   arrival_of(header, wall_to_local_ns, local_now_ns())},
                                  leg.leg, cycle);
        }
        if (static_cast<std::size_t>(count) < batch)
            return;
    }
}

} // namespace tutti
