#include "playback_stream.hpp"

#include "client/local_time.hpp"

#include <algorithm>
#include <new>

namespace tutti::hal {
namespace {

/// Between the decision to start and the first frame's time; doubled while it proves too short.
constexpr int64_t start_safety_ns = 1'000'000;
constexpr int64_t max_start_safety_ns = 64'000'000;
constexpr int64_t block_frames = 64;
constexpr uint32_t head_per_second = 50; // 20 ms

} // namespace

bool PlaybackStream::allocate(uint32_t first, uint32_t channels, int64_t buffer_frames) noexcept {
    first_ = first;
    channels_ = channels;
    buffer_frames_ = buffer_frames;
    buffer_.reset(new (std::nothrow) float[static_cast<std::size_t>(buffer_frames) * channels]());
    return buffer_ != nullptr;
}

void PlaybackStream::reset(int64_t local_ns) noexcept {
    if (started_) {
        clock_->refresh(*region_);
        const int64_t from = std::max(clock_->index_at(local_ns), start_);
        if (from < start_ + pushed_)
            writer_.clear(from, start_ + pushed_ - from, first_, channels_);
    }
    started_ = false;
    late_ = false;
    pushed_ = 0;
    played_ = 0;
}

void PlaybackStream::stage(int64_t position, int64_t frames, SampleFormat format,
                           const uint8_t* from) noexcept {
    pushed_ = std::min(pushed_, position); // the application has rewound and writes anew
    while (frames > 0) {
        const int64_t offset = position % buffer_frames_;
        const int64_t part = std::min(frames, buffer_frames_ - offset);
        const std::size_t samples = static_cast<std::size_t>(part) * channels_;
        decode_samples(format, from, buffer_.get() + offset * channels_, samples);
        from += samples * bytes_per_sample(format);
        position += part;
        frames -= part;
    }
}

void PlaybackStream::start(int64_t written) noexcept {
    // All of it before the first frame's time: being held up afterwards then costs nothing for as long as it
    // plays. Of a buffer that takes too long to copy the head goes first, the rest follows while that plays.
    if (!place_ahead(written))
        place_ahead(std::min(written, head_frames()));
    started_ = true;
    late_ = false;
    played_ = 0;
    update(local_now_ns(), written, true); // what it says, the next update says again
}

/// Chooses the start and pushes the first `frames` positions, as far as the ring takes them, before it comes.
bool PlaybackStream::place_ahead(int64_t frames) noexcept {
    for (int64_t safety = start_safety_ns; safety <= max_start_safety_ns; safety *= 2) {
        const int64_t local = local_now_ns();
        clock_->refresh(*region_);
        epoch_ = clock_->epoch();
        start_ = clock_->index_at(local + safety);
        const int64_t end = std::min(frames, writer_.window_end() - start_);
        if (place(start_, std::max<int64_t>(end, 0)))
            return true;
    }
    return false;
}

/**
 * Pushes positions [0, end) from the last block to the first: if we are held up so long that the start
 * passes, nothing of it has been heard, and it can be taken back. False then.
 */
bool PlaybackStream::place(int64_t start, int64_t end) noexcept {
    int64_t from = end;
    while (from > 0) {
        if (clock_->index_at(local_now_ns()) >= start) {
            writer_.clear(start + from, end - from, first_, channels_);
            pushed_ = 0;
            return false;
        }
        const int64_t block = std::max<int64_t>(from - block_frames, 0);
        push(block, from);
        from = block;
    }
    pushed_ = end;
    return true;
}

void PlaybackStream::push(int64_t from, int64_t to) noexcept {
    while (from < to) {
        const int64_t offset = from % buffer_frames_;
        const int64_t part = std::min(to - from, buffer_frames_ - offset);
        dropped_ += writer_.write(start_ + from, part, first_, channels_, buffer_.get() + offset * channels_);
        from += part;
    }
}

StreamState PlaybackStream::update(int64_t local_ns, int64_t written, bool stops_at_underrun) noexcept {
    clock_->refresh(*region_);
    if (clock_->epoch() != epoch_ || region_->retired())
        return StreamState::xrun;
    const int64_t now = clock_->index_at(local_ns);
    played_ = std::max(played_, now - start_);
    const int64_t window_end = writer_.window_end() - start_;
    const bool engine_gone = window_end <= played_;
    if (played_ > pushed_) {
        // With an engine that is gone frames cannot be pushed: time runs on without them.
        if (!engine_gone && pushed_ < written)
            late_ = true;
        dropped_ += std::max<int64_t>(std::min(played_, written) - pushed_, 0);
        pushed_ = std::min(played_, written);
    }
    const int64_t end = std::min(written, window_end);
    // Piece by piece: all of a long buffer takes longer to copy than its first piece to play, and is in time
    // all the same.
    while (pushed_ < end) {
        const int64_t first = start_ + pushed_;
        const int64_t piece = std::min(end, pushed_ + head_frames());
        push(pushed_, piece);
        pushed_ = piece;
        // We may have been held up between looking at the clock and writing.
        if (clock_->index_at(local_now_ns()) > first)
            late_ = true;
    }
    if (!stops_at_underrun)
        return StreamState::running;
    return late_ || played_ > written ? StreamState::xrun : StreamState::running;
}

int64_t PlaybackStream::head_frames() const noexcept {
    return region_->geometry().rate / head_per_second;
}

int64_t PlaybackStream::push_before() const noexcept {
    return pushed_ - region_->geometry().ring_frames / 2;
}

} // namespace tutti::hal
