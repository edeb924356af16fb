#pragma once
#include <cstdint>

namespace tutti {

/**
 * Turns RTP timestamps into positions on the timeline.
 *
 * Shared clock: index = (timestamp - offset) unwrapped around now. Otherwise the stream is anchored on
 * arrival: of the packets of the first `anchor_ns` the one with the least delay is taken to have left when
 * its last sample was taken and to have travelled in no time. Re-anchored when the arrival margin leaves its
 * window: late for a while, or early for long.
 */
class Placement {
  public:
    struct Result {
        int64_t index = 0;   ///< of the packet's first frame, link offset not included
        bool placed = false; ///< false while the anchor is being found
        bool reanchored = false;
    };

    static Placement shared(uint32_t rtp_offset, uint32_t rate) noexcept { return {true, rtp_offset, rate}; }
    static Placement arrival(uint32_t rate) noexcept { return {false, 0, rate}; }

    /// @param arrival index on the timeline at which the packet's last byte came in. [audio]
    Result place(uint32_t timestamp, uint32_t frames, int64_t arrival, uint32_t link_offset) noexcept;

    /// After a change of sender or a step of the timeline. [audio]
    void reset() noexcept;

    [[nodiscard]] bool anchored() const noexcept { return shared_ || state_ == State::anchored; }

  private:
    Placement(bool shared, uint32_t rtp_offset, uint32_t rate) noexcept
        : shared_(shared), rtp_offset_(rtp_offset), rate_(rate) {}
    void begin_anchoring(uint32_t timestamp, int64_t arrival) noexcept;
    [[nodiscard]] bool left_window(int64_t margin, int64_t arrival, uint32_t link_offset) noexcept;

    enum class State { empty, anchoring, anchored };

    bool shared_;
    uint32_t rtp_offset_;
    uint32_t rate_;
    State state_ = State::empty;
    int64_t extended_ = 0; ///< last timestamp, unwrapped
    int64_t delay_ = 0;    ///< least of arrival - end of packet, on the stream's own scale
    int64_t began_ = 0;    ///< arrival of the first packet of the anchoring or of the margin window
    int64_t late_since_ = 0;
    bool late_ = false;
    int64_t window_least_ = 0;
};

} // namespace tutti
