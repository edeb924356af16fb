#include "observer_sockets.hpp"

#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "clock_kit.hpp"

namespace tutti::dante_compat {

// is_ours() once more. Offsets are from the UDP header; what is too short for them is dropped, too.
bool ObserverSockets::ask_kernel_to_drop_others(int fd) noexcept {
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

bool ObserverSockets::stamp_arrivals(int fd) noexcept {
    return set_option(fd, SOL_SOCKET, SO_TIMESTAMPING,
                      SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE);
}

} // namespace tutti::dante_compat
