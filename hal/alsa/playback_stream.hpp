#pragma once
#include "stream_state.hpp"

#include "client/region_clock.hpp"
#include "client/region_writer.hpp"
#include "client/sample_format.hpp"

#include <cstdint>
#include <memory>

namespace tutti::hal {

/**
 * A stream that the application writes and that plays from index `start` on, each frame at exactly its index.
 * Frames are kept in a buffer of the application's size and pushed into the region's ring as far as its
 * window reaches. Positions count frames since the start. One thread at a time.
 */
class PlaybackStream {
  public:
    PlaybackStream(const RegionView& region, RegionClock& clock) noexcept
        : region_(&region), clock_(&clock), writer_(region) {}

    /// Makes the buffer; false without memory. [control]
    bool allocate(uint32_t first, uint32_t channels, int64_t buffer_frames) noexcept;

    /// Forgets what was staged and takes back what has not been played. [control]
    void reset(int64_t local_ns) noexcept;

    /// Takes frames [position, position + frames) from the application; before the start, too. [audio]
    void stage(int64_t position, int64_t frames, SampleFormat format, const uint8_t* from) noexcept;

    /// Chooses the first index, a little ahead of the media clock, and pushes what was staged. `written`:
    /// position up to which the application has written. [audio]
    void start(int64_t written) noexcept;

    /// Pushes what the ring takes. An underrun counts only if `stops_at_underrun`. [audio]
    StreamState update(int64_t local_ns, int64_t written, bool stops_at_underrun) noexcept;

    /// Frames played since the start. [audio]
    [[nodiscard]] int64_t position() const noexcept { return played_; }
    /// First index of the stream.
    [[nodiscard]] int64_t start_index() const noexcept { return start_; }
    /// Position at which more must be pushed at the latest, if not all is in the ring. [audio]
    [[nodiscard]] int64_t push_before() const noexcept;
    /// Position up to which frames are in the ring. [audio]
    [[nodiscard]] int64_t pushed() const noexcept { return pushed_; }
    /// Frames that came too late for the ring.
    [[nodiscard]] int64_t dropped() const noexcept { return dropped_; }

  private:
    /// Frames of 20 ms: what is pushed before the start at the least, and after it at a time.
    [[nodiscard]] int64_t head_frames() const noexcept;
    void push(int64_t from, int64_t to) noexcept;
    bool place_ahead(int64_t frames) noexcept;
    bool place(int64_t start, int64_t end) noexcept;

    const RegionView* region_;
    RegionClock* clock_;
    RegionWriter writer_;
    std::unique_ptr<float[]> buffer_;
    uint32_t first_ = 0;
    uint32_t channels_ = 0;
    int64_t buffer_frames_ = 0;
    bool started_ = false;
    bool late_ = false; // a frame was written after its time
    int64_t start_ = 0;
    int64_t pushed_ = 0;
    int64_t played_ = 0;
    int64_t dropped_ = 0;
    uint64_t epoch_ = 0;
};

} // namespace tutti::hal
