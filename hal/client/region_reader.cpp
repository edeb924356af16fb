#include "region_reader.hpp"

#include <algorithm>
#include <cstring>

namespace tutti::hal {
namespace {

/// Keeps the loads of samples before the look at the horizon that follows (a matter of ARM; TSan knows no
/// fences).
inline void finish_loads() noexcept {
#ifndef __SANITIZE_THREAD__
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
#endif
}

} // namespace

int64_t RegionReader::oldest() const noexcept {
    return region_->input_horizon() - region_->geometry().ring_frames;
}

RegionReader::Result RegionReader::read(int64_t index, int64_t frames, uint32_t first, uint32_t channels,
                                        int64_t now, float* to) const noexcept {
    const RegionGeometry& geometry = region_->geometry();
    const auto silence = [&](int64_t from, int64_t count) {
        std::memset(to + (from - index) * channels, 0,
                    static_cast<std::size_t>(count) * channels * sizeof(float));
    };
    const int64_t end = index + frames;
    const int64_t begins = std::clamp(oldest(), index, end);
    const int64_t horizon = oldest() + geometry.ring_frames;
    const int64_t ends = std::clamp(std::min(horizon, now), begins, end);
    const uint32_t present = first < geometry.inputs ? std::min(channels, geometry.inputs - first) : 0;

    silence(index, begins - index);
    for (int64_t from = begins; from < ends;) {
        const int64_t part = std::min(ends - from, region_->contiguous(from));
        const float* source = region_->input_frame(from) + first;
        float* target = to + (from - index) * channels;
        if (present == channels && channels == geometry.inputs) {
            std::memcpy(target, source, static_cast<std::size_t>(part) * channels * sizeof(float));
        } else {
            for (int64_t i = 0; i < part; ++i, source += geometry.inputs, target += channels) {
                std::memcpy(target, source, present * sizeof(float));
                std::fill(target + present, target + channels, 0.0F);
            }
        }
        from += part;
    }
    silence(ends, end - ends);

    // The engine may have gone on to clear while we copied: such frames are a mix of two rounds of the ring.
    finish_loads();
    const int64_t intact = std::clamp(oldest(), begins, end);
    if (intact > begins)
        silence(begins, intact - begins);
    return {intact - index, end - std::max(ends, intact)};
}

} // namespace tutti::hal
