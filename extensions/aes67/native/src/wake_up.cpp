#include "wake_up.hpp"

#include <unistd.h>

#include <cerrno>

namespace tutti::aes67 {

WakeUp::~WakeUp() {
    if (write_fd_ != read_fd_)
        ::close(write_fd_);
    ::close(read_fd_);
}

void WakeUp::wake() noexcept {
    const uint64_t one = 1; // what an eventfd wants; a pipe takes anything
    while (::write(write_fd_, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

bool WakeUp::is_woken() const noexcept {
    pollfd end{read_fd_, POLLIN, 0};
    return poll(&end, 1, 0) != 0;
}

} // namespace tutti::aes67
