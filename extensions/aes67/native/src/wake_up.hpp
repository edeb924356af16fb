// Ends a thread's waiting for its sockets: wake_up_linux.cpp (eventfd, ppoll), wake_up_macos.cpp (pipe,
// poll).
#pragma once

#include <poll.h>

#include <cstdint>
#include <span>

namespace tutti::aes67 {

// Owns its descriptors. Once woken it stays so.
class WakeUp {
  public:
    // [control] Throws std::system_error if the system has no more descriptors.
    WakeUp();
    ~WakeUp();
    WakeUp(const WakeUp&) = delete;
    WakeUp& operator=(const WakeUp&) = delete;

    // [any]
    void wake() noexcept;
    bool is_woken() const noexcept;
    // Readable when woken.
    int fd() const noexcept { return read_fd_; }

  private:
    int read_fd_ = -1;
    int write_fd_ = -1;
};

// Until one of them is readable or the time is over; descriptors of -1 are skipped. What it finds is not
// told: whoever owns a socket reads it until there is nothing.
void wait_for_any(std::span<pollfd> fds, int64_t timeout_ns) noexcept;

} // namespace tutti::aes67
