#include "capture_stream.hpp"

#include <algorithm>
#include <new>

namespace tutti::hal {

bool CaptureStream::allocate(uint32_t first, uint32_t channels, int64_t buffer_frames) noexcept {
    first_ = first;
    channels_ = channels;
    buffer_frames_ = buffer_frames;
    buffer_.reset(new (std::nothrow) float[static_cast<std::size_t>(buffer_frames) * channels]());
    return buffer_ != nullptr;
}

void CaptureStream::start(int64_t local_ns) noexcept {
    clock_->refresh(*region_);
    epoch_ = clock_->epoch();
    start_ = clock_->index_at(local_ns);
    pulled_ = 0;
}

StreamState CaptureStream::update(int64_t local_ns, int64_t consumed, bool stops_at_overrun) noexcept {
    clock_->refresh(*region_);
    if (clock_->epoch() != epoch_ || region_->retired())
        return StreamState::xrun;
    const int64_t now = clock_->index_at(local_ns);
    const int64_t reached = now - start_;
    if (reached <= pulled_)
        return StreamState::running;
    if (stops_at_overrun && reached - consumed > buffer_frames_)
        return StreamState::xrun;

    // Of a gap longer than the buffer only its end can still be wanted.
    int64_t from = std::max(pulled_, reached - buffer_frames_);
    int64_t lost = 0;
    while (from < reached) {
        const int64_t part = std::min(reached - from, buffer_frames_ - from % buffer_frames_);
        float* target = buffer_.get() + from % buffer_frames_ * channels_;
        lost += reader_.read(start_ + from, part, first_, channels_, now, target).lost;
        from += part;
    }
    pulled_ = reached;
    return lost > 0 && stops_at_overrun ? StreamState::xrun : StreamState::running;
}

void CaptureStream::copy(int64_t position, int64_t frames, SampleFormat format, uint8_t* to) const noexcept {
    while (frames > 0) {
        const int64_t offset = position % buffer_frames_;
        const int64_t part = std::min(frames, buffer_frames_ - offset);
        const std::size_t samples = static_cast<std::size_t>(part) * channels_;
        encode_samples(format, buffer_.get() + offset * channels_, to, samples);
        to += samples * bytes_per_sample(format);
        position += part;
        frames -= part;
    }
}

} // namespace tutti::hal
