// The clock source "free-run": media time begins at the system's TAI and from then on follows nobody.
#pragma once

#include "tutti/clock.h"

namespace tutti::aes67 {

// [control] The ABI's table. Unlike the clock "system" it does not step when somebody sets the computer's
// clock.
const tutti_clock_source& free_run_clock_source() noexcept;

} // namespace tutti::aes67
