#include "frame_queue.hpp"

#include <algorithm>

namespace tutti::hal {

FrameQueue::Span FrameQueue::room(uint64_t most) noexcept {
    const uint64_t at = written_.load(std::memory_order_relaxed);
    const uint64_t free = size_ - (at - taken_.load(std::memory_order_acquire));
    return {data_.data() + at % size_ * channels_, std::min({most, free, size_ - at % size_})};
}

FrameQueue::Span FrameQueue::ready(uint64_t most) noexcept {
    const uint64_t at = taken_.load(std::memory_order_relaxed);
    const uint64_t there = written_.load(std::memory_order_acquire) - at;
    return {data_.data() + at % size_ * channels_, std::min({most, there, size_ - at % size_})};
}

} // namespace tutti::hal
