#include "datagrams.hpp"

#include "mach_ticks_macos.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cstring>

namespace tutti {
namespace {

/// macOS refuses buffers above its limit (kern.ipc.maxsockbuf) instead of giving what it can.
void set_largest(int fd, int option, int bytes) {
    while (bytes > 65536 && !set_option(fd, SOL_SOCKET, option, bytes))
        bytes /= 2;
}

} // namespace

FileDescriptor open_datagram_socket() {
    FileDescriptor fd(socket(AF_INET, SOCK_DGRAM, 0));
    if (fd && (fcntl(fd.get(), F_SETFL, O_NONBLOCK) != 0 || fcntl(fd.get(), F_SETFD, FD_CLOEXEC) != 0))
        fd.reset();
    return fd;
}

void set_receive_buffer(int fd, int bytes) {
    set_largest(fd, SO_RCVBUF, bytes);
}

void set_send_buffer(int fd, int bytes) {
    set_largest(fd, SO_SNDBUF, bytes);
}

/// In ticks of mach_absolute_time, which is local time: no wall clock in between.
bool ask_for_arrival_times(int fd) {
    return set_option(fd, SOL_SOCKET, SO_TIMESTAMP_MONOTONIC, 1);
}

/// A BSD socket hears what it joined itself, and nothing else.
void hear_own_groups_only(int) {}

/// One system call each: what takes many (recvmsg_x) is not part of the public interface.
int receive_datagrams(int fd, mmsghdr* messages, unsigned count) noexcept {
    int done = 0;
    for (; done < static_cast<int>(count); ++done) {
        const ssize_t bytes = recvmsg(fd, &messages[done].msg_hdr, MSG_DONTWAIT);
        if (bytes < 0)
            return done > 0 ? done : -1;
        messages[done].msg_len = static_cast<unsigned>(bytes);
    }
    return done;
}

int send_datagrams(int fd, mmsghdr* messages, unsigned count) noexcept {
    int done = 0;
    for (; done < static_cast<int>(count); ++done) {
        if (sendmsg(fd, &messages[done].msg_hdr, 0) < 0)
            return done > 0 ? done : -1;
    }
    return done;
}

/// Stamps are local time as they come.
void ArrivalTimes::begin_cycle() noexcept {}
void ArrivalTimes::relate(int64_t) noexcept {}

int64_t ArrivalTimes::of(msghdr& message, int64_t latest) const noexcept {
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMP_MONOTONIC)
            continue;
        uint64_t ticks = 0;
        std::memcpy(&ticks, CMSG_DATA(part), sizeof(ticks));
        return std::min(mach_ticks_to_ns(ticks), latest);
    }
    return latest;
}

} // namespace tutti
