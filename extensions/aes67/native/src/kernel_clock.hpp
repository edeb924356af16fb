// What the kernel says of the computer's wall time: kernel_clock_linux.cpp, kernel_clock_macos.cpp.
#pragma once

#include <optional>

#include "wall_line.hpp"

namespace tutti::aes67 {

struct KernelClock {
    int utc_offset_s = 0;      // how far read_tai_pair() is before UTC; 0: what it reads is UTC
    bool knows_offset = false; // somebody told the kernel; else it is what it was when this was written
    double rate_ppm = 0;       // by which whoever keeps the clock corrects the oscillator
    std::optional<int> leap;   // seconds to come, -1 to 1; nothing where the kernel knows of none
};

// [control] Nothing if the kernel does not say.
std::optional<KernelClock> read_kernel_clock() noexcept;

// [any] thread, does not block. The system's idea of TAI, as read_clock_pair() reads a clock.
ClockPair read_tai_pair() noexcept;

} // namespace tutti::aes67
