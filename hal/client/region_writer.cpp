#include "region_writer.hpp"

#include <algorithm>
#include <cstring>

namespace tutti::hal {

int64_t RegionWriter::window_end() const noexcept {
    return region_->output_floor() + region_->geometry().ring_frames;
}

/// Calls copy(target, offset, channels) for each writable frame; `offset` counts frames from `index`.
template <typename Copy>
int64_t RegionWriter::visit(int64_t index, int64_t frames, uint32_t first, uint32_t channels,
                            Copy copy) const noexcept {
    const RegionGeometry& geometry = region_->geometry();
    if (first >= geometry.outputs)
        return frames;
    const uint32_t present = std::min(channels, geometry.outputs - first);
    const int64_t floor = window_end() - geometry.ring_frames;
    const int64_t begins = std::clamp(floor, index, index + frames);
    const int64_t ends = std::clamp(floor + geometry.ring_frames, begins, index + frames);
    for (int64_t from = begins; from < ends;) {
        const int64_t part = std::min(ends - from, region_->contiguous(from));
        float* target = region_->output_frame(from) + first;
        for (int64_t i = 0; i < part; ++i, target += geometry.outputs)
            copy(target, from + i - index, present);
        from += part;
    }
    return frames - (ends - begins);
}

int64_t RegionWriter::write(int64_t index, int64_t frames, uint32_t first, uint32_t channels,
                            const float* from) const noexcept {
    return visit(index, frames, first, channels, [&](float* target, int64_t offset, uint32_t present) {
        std::memcpy(target, from + offset * channels, present * sizeof(float));
    });
}

void RegionWriter::clear(int64_t index, int64_t frames, uint32_t first, uint32_t channels) const noexcept {
    visit(index, frames, first, channels,
          [](float* target, int64_t, uint32_t present) { std::memset(target, 0, present * sizeof(float)); });
}

} // namespace tutti::hal
