#include <sys/eventfd.h>

#include <cerrno>
#include <ctime>
#include <system_error>

#include "wake_up.hpp"

namespace tutti::aes67 {

WakeUp::WakeUp() : read_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), write_fd_(read_fd_) {
    if (read_fd_ < 0)
        throw std::system_error(errno, std::generic_category(), "eventfd");
}

void wait_for_any(std::span<pollfd> fds, int64_t timeout_ns) noexcept {
    const timespec relative{timeout_ns / 1'000'000'000, static_cast<long>(timeout_ns % 1'000'000'000)};
    ppoll(fds.data(), fds.size(), &relative, nullptr);
}

} // namespace tutti::aes67
