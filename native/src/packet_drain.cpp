#include "packet_drain.hpp"

#include "receiver.hpp"

namespace tutti {

PacketDrain::PacketDrain() {
    for (std::size_t i = 0; i < batch; ++i)
        vectors_[i] = {buffers_[i].data(), buffer_bytes};
}

bool PacketDrain::add(ReceiveLeg& leg) {
    return sockets_.add(leg.fd, &leg);
}

void PacketDrain::remove(const ReceiveLeg& leg) {
    sockets_.remove(leg.fd);
}

void PacketDrain::drain(const CycleContext& cycle) noexcept {
    void* owners[SocketSet::max_ready];
    const int ready = sockets_.ready(owners);
    if (ready <= 0)
        return;
    arrivals_.begin_cycle();
    for (int i = 0; i < ready; ++i)
        drain_leg(*static_cast<const ReceiveLeg*>(owners[i]), cycle);
}

void PacketDrain::drain_leg(const ReceiveLeg& leg, const CycleContext& cycle) noexcept {
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
        const int count = receive_datagrams(leg.fd, headers_.data(), batch);
        if (count <= 0)
            return;
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            msghdr& header = headers_[i].msg_hdr;
            const bool cut = (header.msg_flags & MSG_TRUNC) != 0;
            const std::size_t bytes = cut ? 0 : headers_[i].msg_len;
            leg.receiver->receive({{buffers_[i].data(), bytes},
                                   sources_[i].sin_addr.s_addr,
                                   arrivals_.of(header, local_now_ns())},
                                  leg.leg, cycle);
        }
        if (static_cast<std::size_t>(count) < batch)
            return;
    }
}

} // namespace tutti
