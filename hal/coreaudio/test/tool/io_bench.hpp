#pragma once
#include <cstdint>

namespace tutti::coreaudio::test {

/// CPU seconds for each second of audio, in both directions.
struct IoCost {
    uint32_t channels = 0; ///< each way
    uint32_t frames = 0;   ///< of a cycle
    double driver = 0;     ///< time stamp, input and output through the driver's interface
    double copy = 0;       ///< the same bytes from and to the same rings by memcpy alone
};

/// Runs so many seconds of audio through the driver on a clock of the test's own, as fast as it goes, with an
/// engine's region at its other end.
IoCost measure_io(uint32_t rate, double seconds);

} // namespace tutti::coreaudio::test
