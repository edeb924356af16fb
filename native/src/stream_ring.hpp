#pragma once
#include "stage.hpp"

#include "tutti/codec.h"

#include <cstdint>
#include <vector>

namespace tutti {

/**
 * A stream's samples on the stream's own timeline, waiting to be read in order: packets are put where their
 * timestamps say, in whatever order they come; what never came reads as silence. A codec's stage is run over
 * them here, where they have an order. Frames are interleaved float32. Made by the control thread, then
 * [audio].
 */
class StreamRing {
  public:
    enum class Verdict { whole, late, early };

    /// @param frames how many it holds; rounded up to a power of two.
    StreamRing(uint32_t channels, uint32_t frames);

    /// Everything held is given up; reading goes on at `position`.
    void restart(int64_t position) noexcept;
    /// Passes over what lies before `position`.
    void skip_to(int64_t position) noexcept;

    /// Decodes a packet into its place. `late`: all or part of it had been read or finished already. `early`:
    /// beyond what is held; not taken.
    Verdict put(const uint8_t* payload, uint32_t frames, int64_t position, const tutti_codec& codec) noexcept;

    /// Position of the next frame to read.
    [[nodiscard]] int64_t position() const noexcept { return position_; }
    /// End of the newest packet put.
    [[nodiscard]] int64_t end() const noexcept { return end_; }
    /// Frames that are there without a gap.
    [[nodiscard]] uint32_t complete() noexcept;
    /// The next frame; the frames up to `contiguous()` follow it in memory.
    [[nodiscard]] const float* next() const noexcept { return samples_.data() + slot(position_) * channels_; }
    [[nodiscard]] uint32_t contiguous() const noexcept;
    /// Runs the stage over those of the next frames that it has not seen: nothing can be put there any more.
    void finish(uint32_t frames, Stage& stage) noexcept;
    /// Passes over frames, clearing them: what is not held is always clear. Returns how many of them never
    /// came.
    uint32_t pass(uint32_t frames) noexcept;

  private:
    [[nodiscard]] std::size_t slot(int64_t position) const noexcept {
        return static_cast<std::size_t>(position) & mask_;
    }

    uint32_t channels_;
    std::size_t mask_;
    std::vector<float> samples_;
    std::vector<uint8_t> present_; ///< a flag a frame
    int64_t position_ = 0;
    int64_t end_ = 0;
    int64_t complete_to_ = 0; ///< scanned so far
    int64_t finished_to_ = 0; ///< a stage has seen what lies before
};

} // namespace tutti
