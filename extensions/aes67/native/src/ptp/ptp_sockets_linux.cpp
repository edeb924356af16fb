#include "ptp/ptp_sockets.hpp"

#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "ptp/udp_port.hpp"

namespace tutti::aes67::ptp {

// lets_in() once more. Offsets are from the UDP header.
bool Sockets::ask_kernel_to_drop_others(int fd, const std::optional<ClockIdentity>& master,
                                        bool serves) noexcept {
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
    return set_option(fd(channel), SOL_SOCKET, SO_TIMESTAMPING, 0) &&
           set_option(fd(channel), SOL_SOCKET, SO_TIMESTAMPING, flags);
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
        const ControlMessages control(message);
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

} // namespace tutti::aes67::ptp
