// The stage of the DoP codecs: one stream's channels, each DSD or PCM by its own markers.
#pragma once

#include "dop_history.hpp"
#include "dop_tracker.hpp"

#include "tutti/codec.h"

#include <vector>

namespace tutti::dop {

class DopStage {
  public:
    // pass: words leave as they came, bit for bit, and gaps as silent words. convert: PCM leaves.
    enum class Output { pass, convert };

    // [control]
    DopStage(Output output, uint32_t channels);

    // [any]
    uint32_t delay() const noexcept { return output_ == Output::convert ? DopHistory::delay_frames : 0; }
    // What is DSD stays so until its markers say something else: gaps of a restart are silent, too. [audio]
    void reset() noexcept;
    // As tutti_stage.run. [audio]
    uint32_t run(float* samples, size_t stride, uint32_t frames, bool missing) noexcept;

  private:
    void pass(float* frame, bool missing) noexcept;
    void convert(float* frame, bool missing) noexcept;
    float converted(size_t channel) const noexcept;
    bool is_whole_pair(size_t first) const noexcept;
    uint32_t content() const noexcept;

    Output output_;
    std::vector<DopTracker> trackers_;
    std::vector<DopHistory> histories_; // of conversion
    const DsdFilter& plain_;
    const DsdFilter& pairs_;
};

// The tables for the engine.
const tutti_stage& automatic_stage() noexcept;
const tutti_stage& converting_stage() noexcept;

} // namespace tutti::dop
