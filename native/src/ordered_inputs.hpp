#pragma once
#include "cycle_context.hpp"
#include "playout.hpp"
#include "stage.hpp"
#include "stream_ring.hpp"
#include "telemetry.hpp"

#include <memory>

namespace tutti {

/**
 * Between placement and the inputs, for codecs with a stage: holds a stream's frames where time put them,
 * runs the stage over them in their order, and copies what it leaves to the inputs, bit for bit. What has
 * come without a gap goes on at once; a gap is waited for until two fifths of the link offset (20 ms at most)
 * are left, and is then finished as missing. That is more than the longest tick, a third of it: a cycle may
 * be a little late. Made by the control thread, then [audio].
 */
class OrderedInputs {
  public:
    OrderedInputs(uint32_t channels, uint32_t rate, std::unique_ptr<Stage> stage,
                  TelemetrySlot<ReceiverField> telemetry);

    /// Frames by which a stream must be placed sooner for the stage's sake.
    [[nodiscard]] uint32_t delay() const noexcept { return stage_->delay(); }
    /// Index before which a packet's frames come too late, at `cycle`.
    [[nodiscard]] int64_t due(const Destination& destination, const CycleContext& cycle) const noexcept;

    /// A packet's frames, at their index.
    StreamRing::Verdict put(const uint8_t* payload, uint32_t frames, int64_t index, const tutti_codec& codec,
                            const CycleContext& cycle) noexcept;
    /// Once a cycle.
    void advance(const Destination& destination, const CycleContext& cycle) noexcept;
    /// The timeline or the sender is another one. What the stage makes of nothing is heard until packets
    /// come.
    void restart() noexcept { jumped_ = true; }

  private:
    void begin(int64_t index) noexcept;

    uint32_t channels_;
    uint32_t rate_;
    std::unique_ptr<Stage> stage_;
    TelemetrySlot<ReceiverField> telemetry_;
    StreamRing ring_;      ///< positions are indices of the timeline
    bool playing_ = false; ///< since the first packet
    bool jumped_ = false;
};

} // namespace tutti
