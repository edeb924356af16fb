#pragma once
#include "foreign_stream.hpp"

#include <algorithm>
#include <deque>

namespace tutti::test {

/// A stage that shows what it was told: frames leave `delay` later than they came, those that never came as
/// `missing_sample`. DSD in words as long as a frame is missing.
struct ShowingStage {
    static constexpr float missing_sample = -0.75F;
    static constexpr uint32_t most_delay = 64;

    uint32_t channels;
    uint32_t delay;
    std::vector<float> line; ///< ring of `delay` frames
    uint32_t next = 0;

    static uint32_t run(void* handle, float* samples, size_t stride, uint32_t frames, uint32_t missing) {
        auto& stage = *static_cast<ShowingStage*>(handle);
        for (uint32_t f = 0; f < frames; ++f, samples += stride) {
            if (missing != 0)
                std::fill_n(samples, stage.channels, missing_sample);
            if (stage.delay == 0)
                continue;
            std::swap_ranges(samples, samples + stage.channels,
                             stage.line.data() + stage.next * stage.channels);
            stage.next = (stage.next + 1) % stage.delay;
        }
        return missing != 0 ? TUTTI_CONTENT_DSD | TUTTI_CONTENT_WORDS : 0;
    }
};

/// L24 with a {@link ShowingStage}.
template <uint32_t delay> const tutti_codec& staged_l24() {
    static const tutti_stage stage{sizeof(tutti_stage),
                                   TUTTI_ABI,
                                   [](const tutti_stage_format* format, char*, size_t) -> void* {
                                       return new ShowingStage{
                                           format->channels, delay,
                                           std::vector<float>(std::size_t{delay} * format->channels)};
                                   },
                                   [](void* handle) { delete static_cast<ShowingStage*>(handle); },
                                   [](void*) -> uint32_t { return delay; },
                                   [](void* handle) {
                                       auto& line = static_cast<ShowingStage*>(handle)->line;
                                       std::fill(line.begin(), line.end(), 0.0F);
                                   },
                                   &ShowingStage::run};
    static const tutti_codec codec = [] {
        tutti_codec made = plain_l24();
        made.stage = &stage;
        return made;
    }();
    return codec;
}

} // namespace tutti::test
