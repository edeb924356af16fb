#pragma once
#include <atomic>
#include <cstdint>
#include <vector>

namespace tutti::hal {

/// Float frames between the disk's thread and the timeline's: one writes, one reads, neither waits. [audio]
/// on both ends.
class FrameQueue {
  public:
    FrameQueue(uint32_t channels, uint64_t capacity)
        : channels_(channels), data_(channels * capacity), size_(capacity) {}

    struct Span {
        float* data = nullptr;
        uint64_t frames = 0; ///< contiguous; there may be more behind the end of the memory
    };

    /// Room for the writer, at most `most` frames; commit with `written`.
    Span room(uint64_t most) noexcept;
    void written(uint64_t frames) noexcept { written_.fetch_add(frames, std::memory_order_release); }
    /// No more comes.
    void close() noexcept { closed_.store(true, std::memory_order_release); }

    /// Frames for the reader, at most `most`; commit with `taken`.
    Span ready(uint64_t most) noexcept;
    void taken(uint64_t frames) noexcept { taken_.fetch_add(frames, std::memory_order_release); }

    [[nodiscard]] uint64_t filled() const noexcept {
        return written_.load(std::memory_order_acquire) - taken_.load(std::memory_order_acquire);
    }
    [[nodiscard]] uint64_t capacity() const noexcept { return size_; }
    [[nodiscard]] bool closed() const noexcept { return closed_.load(std::memory_order_acquire); }

  private:
    uint32_t channels_;
    std::vector<float> data_;
    uint64_t size_;
    std::atomic<uint64_t> written_{0};
    std::atomic<uint64_t> taken_{0};
    std::atomic<bool> closed_{false};
};

} // namespace tutti::hal
