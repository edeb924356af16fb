#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "wake_up.hpp"

namespace tutti::aes67 {

WakeUp::WakeUp() {
    int ends[2];
    if (pipe(ends) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    read_fd_ = ends[0];
    write_fd_ = ends[1];
    for (const int fd : ends) {
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        fcntl(fd, F_SETFL, O_NONBLOCK);
    }
}

// There is no ppoll. What is due is up to a millisecond late, and never early, which would be a busy loop.
void wait_for_any(std::span<pollfd> fds, int64_t timeout_ns) noexcept {
    poll(fds.data(), static_cast<nfds_t>(fds.size()), static_cast<int>((timeout_ns + 999'999) / 1'000'000));
}

} // namespace tutti::aes67
