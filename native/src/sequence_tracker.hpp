#pragma once
#include <array>
#include <cstdint>

namespace tutti {

/// What one RTP sequence number told.
struct SequenceVerdict {
    uint32_t lost = 0;      ///< packets given up by now: they left the window without having come
    bool duplicate = false; ///< seen before (the normal case on the second leg of ST 2022-7)
    bool reordered = false; ///< came after a later one
    bool restarted = false; ///< the numbers jumped: counting begins anew
};

/**
 * Statistics of RTP sequence numbers (RFC 3550 A.1), over all legs of a stream. Time decides where samples
 * go; this only counts. A packet counts as lost when it has not come while a window of later numbers did.
 */
class SequenceTracker {
  public:
    static constexpr uint32_t window = 256;
    /// For two legs, of which one may lag: class C of ST 2022-7 (450 ms) at a quarter of a millisecond a
    /// packet.
    static constexpr uint32_t long_window = 2048;

    /// @param packets the window, at most `long_window`
    explicit SequenceTracker(uint32_t packets = window) : packets_(packets) {}

    /// [audio]
    SequenceVerdict add(uint16_t sequence) noexcept;
    void reset() noexcept { started_ = false; }

  private:
    static constexpr int32_t max_dropout = 3000; // RFC 3550 A.1
    [[nodiscard]] bool seen(int64_t number) const noexcept { return seen_[slot(number)]; }
    [[nodiscard]] std::size_t slot(int64_t number) const noexcept {
        return static_cast<std::size_t>(number) % packets_;
    }
    void start(uint16_t sequence) noexcept;

    uint32_t packets_;
    bool started_ = false;
    int64_t highest_ = 0; ///< extended sequence number
    int64_t first_ = 0;
    int32_t odd_next_ = -1; ///< number that would confirm a restart; -1: none
    std::array<bool, long_window> seen_{};
};

} // namespace tutti
