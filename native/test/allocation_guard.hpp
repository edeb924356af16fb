#pragma once
#include <cstdint>

namespace tutti::test {

/// While one lives, every allocation and release on this thread is counted: malloc itself is interposed, so
/// that nothing hides behind a library. Sanitizer builds bring a malloc of their own; there it counts
/// nothing.
class AllocationGuard {
  public:
    AllocationGuard();
    ~AllocationGuard();
    [[nodiscard]] static bool is_active();
    [[nodiscard]] uint64_t count() const;
};

} // namespace tutti::test
