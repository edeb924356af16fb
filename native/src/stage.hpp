#pragma once
#include "problem.hpp"

#include "tutti/codec.h"

#include <memory>
#include <optional>
#include <utility>

namespace tutti {

/// The codec's finishing stage; null if it has none, or is of a version of the ABI that knew none. [any]
inline const tutti_stage* stage_of(const tutti_codec& codec) noexcept {
    return TUTTI_HAS(&codec, tutti_codec, stage) ? codec.stage : nullptr;
}

/// What a stage says of its stream, as telemetry has it.
struct StageContent {
    int64_t dsd_rate = 0;  ///< bits a second of one DSD channel; 0: PCM
    bool is_words = false; ///< the samples are words of an encoding: DoP
};

/// One stream's stage of a codec (tutti/codec.h). Made and destroyed by the control thread.
class Stage {
  public:
    /// Leaves `result` null if the codec has no stage. @param resampled what leaves it does not stay as it
    /// is. [control]
    static std::optional<Problem> create(const tutti_codec& codec, uint32_t channels, uint32_t rate,
                                         bool resampled, std::unique_ptr<Stage>& result);
    ~Stage() { table_.stop(handle_); }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    /// Frames by which its output is later than its input. [any]
    [[nodiscard]] uint32_t delay() const noexcept { return delay_; }
    /// [audio]
    void reset() noexcept { table_.reset(handle_); }
    /// The next frames, of the stream's channels, in place. @param missing they never came. [audio]
    void run(float* samples, uint32_t frames, bool missing) noexcept {
        content_ = table_.run(handle_, samples, channels_, frames, missing ? 1 : 0);
    }
    /// Of the newest block. [audio]
    [[nodiscard]] StageContent content() const noexcept;

  private:
    Stage(const tutti_stage& table, void* handle, uint32_t channels, uint32_t rate)
        : table_(table), handle_(handle), channels_(channels), rate_(rate), delay_(table.delay(handle)) {}

    const tutti_stage& table_;
    void* handle_;
    uint32_t channels_;
    uint32_t rate_;
    uint32_t delay_;
    uint32_t content_ = 0;
};

} // namespace tutti
