#pragma once
#include <cstdint>
#include <memory>

struct SRC_STATE_tag;

namespace tutti {

/**
 * Changes the rate of interleaved float32 by a ratio that may move with every call: libsamplerate's "medium"
 * sinc converter (docs/resampling.md says why this one). All memory is taken when it is made; process and
 * reset allocate nothing. Output frame 0 after a reset is input frame 0: the group delay is taken out, at the
 * price of `lookahead` input frames that must have come.
 */
class Resampler {
  public:
    static constexpr uint32_t max_channels = 128;
    static constexpr uint32_t max_step = 16;

    struct Progress {
        uint32_t taken = 0; ///< input frames
        uint32_t made = 0;  ///< output frames
    };

    /// @param channels 1 to `max_channels`. Null if there is no memory for it. [control]
    static std::unique_ptr<Resampler> create(uint32_t channels);
    ~Resampler();
    Resampler(const Resampler&) = delete;
    Resampler& operator=(const Resampler&) = delete;

    /// Input frames beyond an output frame's own position that it is made of.
    /// @param step input frames an output frame.
    static uint32_t lookahead(double step) noexcept;

    /// [audio]
    void reset() noexcept;
    /// @param step input frames an output frame, 1/`max_step` to `max_step`, exactly in force for all that is
    /// made here. [audio]
    Progress process(const float* input, uint32_t frames, float* output, uint32_t room, double step) noexcept;

  private:
    explicit Resampler(SRC_STATE_tag* state) : state_(state) {}
    SRC_STATE_tag* state_;
};

} // namespace tutti
