#include "region_view.hpp"

#include <algorithm>

namespace tutti::hal {
namespace {

constexpr uint32_t min_rate = 8000;
constexpr uint32_t min_ring_frames = 1024;
/// Indices are outside data; a ring's length and a buffer more or less must not make them overflow.
constexpr int64_t max_index = INT64_MAX / 4;

RegionDefect out_of_range(const char* field, uint64_t value, const char* expected) noexcept {
    return {RegionError::bad_geometry, field, value, expected};
}

int64_t load_index(const int64_t& index) noexcept {
    return std::clamp(__atomic_load_n(&index, __ATOMIC_ACQUIRE), -max_index, max_index);
}

} // namespace

RegionDefect find_defect(const tutti_region_header& header, uint64_t bytes,
                         RegionGeometry& geometry) noexcept {
    if (header.magic != TUTTI_REGION_MAGIC)
        return {RegionError::not_a_region, "magic", header.magic, "that of a region"};
    if (header.abi != TUTTI_REGION_ABI)
        return {RegionError::wrong_abi, "abi", header.abi, ""};
    if (header.header_bytes != TUTTI_REGION_HEADER_BYTES)
        return out_of_range("header_bytes", header.header_bytes, "16384");
    if (header.rate < min_rate || header.rate > TUTTI_REGION_MAX_RATE)
        return out_of_range("rate", header.rate, "8000 to 384000");
    if (header.inputs > TUTTI_REGION_MAX_CHANNELS)
        return out_of_range("inputs", header.inputs, "0 to 128");
    if (header.outputs > TUTTI_REGION_MAX_CHANNELS)
        return out_of_range("outputs", header.outputs, "0 to 128");
    const uint32_t frames = header.ring_frames;
    if (frames < min_ring_frames || frames > TUTTI_REGION_MAX_FRAMES || (frames & (frames - 1)) != 0)
        return out_of_range("ring_frames", frames, "a power of two from 1024 to 262144");
    if (header.state != TUTTI_REGION_LIVE && header.state != TUTTI_REGION_RETIRED)
        return out_of_range("state", header.state, "1 or 2");
    if (bytes != tutti_region_bytes(header.inputs, header.outputs, frames))
        return out_of_range("file size", bytes, "what follows from its fields");
    if (header.state == TUTTI_REGION_RETIRED)
        return {RegionError::retired, "state", header.state, "1"};
    geometry = {header.rate, header.inputs, header.outputs, frames};
    return {};
}

bool RegionView::retired() const noexcept {
    return __atomic_load_n(&header().state, __ATOMIC_ACQUIRE) != TUTTI_REGION_LIVE;
}

int64_t RegionView::heartbeat() const noexcept {
    return static_cast<int64_t>(
        std::min<uint64_t>(__atomic_load_n(&header().heartbeat, __ATOMIC_ACQUIRE), max_index));
}

int64_t RegionView::input_horizon() const noexcept {
    return load_index(header().input_horizon);
}

int64_t RegionView::output_floor() const noexcept {
    return load_index(header().output_floor);
}

float* RegionView::input_frame(int64_t index) const noexcept {
    const uint64_t slot = static_cast<uint64_t>(index) & (geometry_.ring_frames - 1);
    return reinterpret_cast<float*>(data_ + TUTTI_REGION_HEADER_BYTES) + slot * geometry_.inputs;
}

float* RegionView::output_frame(int64_t index) const noexcept {
    const uint64_t slot = static_cast<uint64_t>(index) & (geometry_.ring_frames - 1);
    const uint64_t inputs = static_cast<uint64_t>(geometry_.ring_frames) * geometry_.inputs;
    return reinterpret_cast<float*>(data_ + TUTTI_REGION_HEADER_BYTES) + inputs + slot * geometry_.outputs;
}

int64_t RegionView::contiguous(int64_t index) const noexcept {
    return geometry_.ring_frames -
           static_cast<int64_t>(static_cast<uint64_t>(index) & (geometry_.ring_frames - 1));
}

} // namespace tutti::hal
