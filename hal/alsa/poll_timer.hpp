#pragma once
#include "client/file_descriptor.hpp"

#include <cstdint>

namespace tutti::hal {

/// A descriptor that is readable from a moment on (CLOCK_MONOTONIC). One thread at a time; [audio].
class PollTimer {
  public:
    PollTimer() noexcept;

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

    /// Readable from this local time on, and until it is set anew; a time that has passed means now.
    void set(int64_t local_ns) noexcept;
    void set_ready() noexcept { set(1); }
    void set_never() noexcept { set(0); }

  private:
    FileDescriptor fd_;
    int64_t target_ns_ = 0;
};

} // namespace tutti::hal
