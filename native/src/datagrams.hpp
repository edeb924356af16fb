#pragma once
#include "file_descriptor.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>

#ifdef __APPLE__
/// As Linux has it.
struct mmsghdr {
    msghdr msg_hdr;
    unsigned msg_len;
};
#endif

/// What systems do differently about UDP sockets: datagrams_linux.cpp, datagrams_macos.cpp.
namespace tutti {

/// Non-blocking, closed on exec. Empty on failure, with errno. [control]
FileDescriptor open_datagram_socket();
/// False with errno. [control]
inline bool set_option(int fd, int level, int option, int value) {
    return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}
/// As much as the system allows. [control]
void set_receive_buffer(int fd, int bytes);
void set_send_buffer(int fd, int bytes);
/// Datagrams come with the time at which the kernel took them in. False with errno. [control]
bool ask_for_arrival_times(int fd);
/// Only groups that this socket joined, whatever others on this machine have joined. [control]
void hear_own_groups_only(int fd);

/// Many datagrams with as few system calls as the system allows, without waiting. Number of them, or -1.
/// [audio]
int receive_datagrams(int fd, mmsghdr* messages, unsigned count) noexcept;
int send_datagrams(int fd, mmsghdr* messages, unsigned count) noexcept;

/// Arrival times in local ns. [audio]
class ArrivalTimes {
  public:
    /// Before each cycle's datagrams: what relates the kernel's stamps to local time may be stepped.
    void begin_cycle() noexcept;
    /// `latest`, the present, if the kernel gave none or stamps do not compare with the present.
    [[nodiscard]] int64_t of(msghdr& message, int64_t latest) const noexcept;
    /// The relation of this cycle; {@link begin_cycle} reads it from the clocks.
    void relate(int64_t stamp_to_local_ns) noexcept;

  private:
    [[maybe_unused]] int64_t stamp_to_local_ns_ = 0; ///< of wall time; where stamps are local time, nothing
    [[maybe_unused]] bool stepped_ = false;          ///< it was another one in the cycle before
};

} // namespace tutti
