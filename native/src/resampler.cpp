#include "resampler.hpp"

#include <samplerate.h>

#include <algorithm>
#include <cmath>

namespace tutti {

std::unique_ptr<Resampler> Resampler::create(uint32_t channels) {
    int error = 0;
    SRC_STATE* state = src_new(SRC_SINC_MEDIUM_QUALITY, static_cast<int>(channels), &error);
    if (state == nullptr)
        return nullptr;
    std::unique_ptr<Resampler> resampler(new Resampler(state));
    resampler->reset();
    return resampler;
}

Resampler::~Resampler() {
    src_delete(state_);
}

uint32_t Resampler::lookahead(double step) noexcept {
    constexpr double half_length = 46; // of the medium filter, input frames; resampler_test measures it
    return static_cast<uint32_t>(std::ceil(half_length * std::max(1.0, step))) + 1;
}

void Resampler::reset() noexcept {
    src_reset(state_);
}

Resampler::Progress Resampler::process(const float* input, uint32_t frames, float* output, uint32_t room,
                                       double step) noexcept {
    const double ratio = 1 / step;
    src_set_ratio(state_, ratio); // at once: otherwise it would glide over the call, by rules of its own
    SRC_DATA data{};
    data.data_in = input;
    data.input_frames = static_cast<long>(frames);
    data.data_out = output;
    data.output_frames = static_cast<long>(room);
    data.src_ratio = ratio;
    if (src_process(state_, &data) != 0)
        return {};
    return {static_cast<uint32_t>(data.input_frames_used), static_cast<uint32_t>(data.output_frames_gen)};
}

} // namespace tutti
