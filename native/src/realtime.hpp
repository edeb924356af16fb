#pragma once
#include <cstdint>

/// What systems do differently about real-time threads: realtime_linux.cpp, realtime_macos.cpp.
namespace tutti {

/// Names the calling thread and gives it real-time priority. False if the system does not allow that. [audio]
/// at its beginning
bool become_realtime(const char* name) noexcept;

/// Waits for a local time. [audio]
void sleep_until(int64_t local_ns) noexcept;

} // namespace tutti
