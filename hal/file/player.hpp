#pragma once
#include "transport.hpp"

#include <cstdint>
#include <functional>

namespace tutti::hal {

/// Plays a file into device outputs, each frame at exactly its index. `on_start` is told the first index.
/// [control]
TransportReport play_file(const TransportOptions& options, bool loop,
                          const std::function<void(int64_t)>& on_start);

} // namespace tutti::hal
