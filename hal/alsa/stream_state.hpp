#pragma once

namespace tutti::hal {

/// Result of bringing a stream up to date.
enum class StreamState {
    running,
    xrun, ///< samples are missing, or the timeline stepped: the application must prepare anew
};

} // namespace tutti::hal
