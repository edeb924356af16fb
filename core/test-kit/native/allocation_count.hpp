#pragma once

#include <cstdint>

namespace tutti::test {

// Calls of malloc and its like, by this thread since it began. The test binary interposes them.
uint64_t allocations() noexcept;

} // namespace tutti::test
