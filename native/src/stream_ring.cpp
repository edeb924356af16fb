#include "stream_ring.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tutti {

StreamRing::StreamRing(uint32_t channels, uint32_t frames)
    : channels_(channels), mask_(std::bit_ceil(frames) - 1), samples_((mask_ + 1) * channels),
      present_(mask_ + 1) {}

void StreamRing::restart(int64_t position) noexcept {
    pass(static_cast<uint32_t>(end_ - position_));
    position_ = end_ = complete_to_ = finished_to_ = position;
}

void StreamRing::skip_to(int64_t position) noexcept {
    if (position >= end_)
        restart(position);
    else if (position > position_)
        pass(static_cast<uint32_t>(position - position_));
}

StreamRing::Verdict StreamRing::put(const uint8_t* payload, uint32_t frames, int64_t position,
                                    const tutti_codec& codec) noexcept {
    const auto size = static_cast<int64_t>(mask_ + 1);
    const int64_t end = position + frames;
    if (end > position_ + size)
        return Verdict::early;
    const int64_t from = std::max({position, position_, finished_to_});
    const std::size_t frame_bytes = static_cast<std::size_t>(channels_) * codec.bytes_per_sample;
    for (int64_t at = from; at < end;) {
        const int64_t part = std::min(end - at, size - static_cast<int64_t>(slot(at)));
        codec.decode(payload + static_cast<std::size_t>(at - position) * frame_bytes, frame_bytes,
                     samples_.data() + slot(at) * channels_, channels_, channels_,
                     static_cast<uint32_t>(part));
        std::memset(present_.data() + slot(at), 1, static_cast<std::size_t>(part));
        at += part;
    }
    end_ = std::max(end_, end);
    return position < from ? Verdict::late : Verdict::whole;
}

uint32_t StreamRing::complete() noexcept {
    while (complete_to_ < end_ && present_[slot(complete_to_)] != 0)
        ++complete_to_;
    return static_cast<uint32_t>(complete_to_ - position_);
}

uint32_t StreamRing::contiguous() const noexcept {
    return static_cast<uint32_t>(mask_ + 1 - slot(position_));
}

void StreamRing::finish(uint32_t frames, Stage& stage) noexcept {
    const int64_t end = position_ + frames;
    for (int64_t at = std::max(position_, finished_to_); at < end;) {
        const uint8_t* flags = present_.data() + slot(at);
        const auto most = std::min(end - at, static_cast<int64_t>(mask_ + 1 - slot(at)));
        const auto* other = std::find(flags, flags + most, static_cast<uint8_t>(*flags == 0));
        const auto part = static_cast<uint32_t>(other - flags);
        stage.run(samples_.data() + slot(at) * channels_, part, *flags == 0);
        at += part;
    }
    finished_to_ = std::max(finished_to_, end);
}

uint32_t StreamRing::pass(uint32_t frames) noexcept {
    uint32_t missing = 0;
    while (frames > 0) {
        const uint32_t part = std::min(frames, contiguous());
        uint8_t* flags = present_.data() + slot(position_);
        missing += static_cast<uint32_t>(std::count(flags, flags + part, uint8_t{0}));
        std::memset(flags, 0, part);
        std::memset(samples_.data() + slot(position_) * channels_, 0,
                    static_cast<std::size_t>(part) * channels_ * sizeof(float));
        position_ += part;
        frames -= part;
    }
    complete_to_ = std::max(complete_to_, position_);
    end_ = std::max(end_, position_);
    return missing;
}

} // namespace tutti
