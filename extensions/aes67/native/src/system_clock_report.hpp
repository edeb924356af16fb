// What people see of the clock source "system", as JSON (tutti/clock.h, `report`).
#pragma once

#include <cstdint>
#include <string>

#include "system_clock_options.hpp"

namespace tutti::aes67 {

// What the clock itself knows; the rest is the kernel's.
struct SystemClockFacts {
    Timescale timescale = Timescale::tai;
    uint64_t steps = 0;
    int64_t last_step_ns = 0;
};

// [control]
std::string system_clock_report(const SystemClockFacts& facts);

} // namespace tutti::aes67
