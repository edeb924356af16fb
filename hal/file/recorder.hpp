#pragma once
#include "transport.hpp"
#include "wav_format.hpp"

#include <cstdint>
#include <functional>

namespace tutti::hal {

struct RecordOptions {
    uint32_t channels = 1;
    SampleFormat samples = SampleFormat::s24_packed;
    int64_t frames = INT64_MAX; ///< without a limit until stopped
    bool always_rf64 = false;
};

/// Records device inputs into a file. `on_start` is told the first index. [control]
TransportReport record_file(const TransportOptions& options, const RecordOptions& record,
                            const std::function<void(int64_t)>& on_start);

} // namespace tutti::hal
