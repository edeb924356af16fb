#pragma once
#include "stream_state.hpp"

#include "client/region_clock.hpp"
#include "client/region_reader.hpp"
#include "client/sample_format.hpp"

#include <cstdint>
#include <memory>

namespace tutti::hal {

/**
 * Inputs of the region as a stream that begins at `start`. Frames are pulled into a buffer of the
 * application's size, which may be longer than the region's ring. Positions count frames since the start. One
 * thread at a time.
 */
class CaptureStream {
  public:
    CaptureStream(const RegionView& region, RegionClock& clock) noexcept
        : region_(&region), clock_(&clock), reader_(region) {}

    /// Makes the buffer; false without memory. [control]
    bool allocate(uint32_t first, uint32_t channels, int64_t buffer_frames) noexcept;

    void start(int64_t local_ns) noexcept;

    /// Pulls what the media clock has passed. `consumed`: position up to which the application has read. An
    /// overrun counts only if `stops_at_overrun`. [audio]
    StreamState update(int64_t local_ns, int64_t consumed, bool stops_at_overrun) noexcept;

    /// Frames available since the start. [audio]
    [[nodiscard]] int64_t position() const noexcept { return pulled_; }
    /// First index of the stream.
    [[nodiscard]] int64_t start_index() const noexcept { return start_; }
    /// Position at which to pull again at the latest: early, since a program may be held up for long. [audio]
    [[nodiscard]] int64_t pull_before() const noexcept {
        return pulled_ + region_->geometry().ring_frames / 16;
    }

    /// Copies frames [position, position + frames) to the application. [audio]
    void copy(int64_t position, int64_t frames, SampleFormat format, uint8_t* to) const noexcept;

  private:
    const RegionView* region_;
    RegionClock* clock_;
    RegionReader reader_;
    std::unique_ptr<float[]> buffer_;
    uint32_t first_ = 0;
    uint32_t channels_ = 0;
    int64_t buffer_frames_ = 0;
    int64_t start_ = 0;
    int64_t pulled_ = 0;
    uint64_t epoch_ = 0;
};

} // namespace tutti::hal
