#pragma once
#include "margin_meter.hpp"
#include "ordered_inputs.hpp"
#include "placement.hpp"
#include "plan.hpp"
#include "playout.hpp"
#include "stream_ring.hpp"
#include "telemetry.hpp"

#include "tutti/codec.h"

namespace tutti {

/// Bit-exact: decodes each packet straight into the inputs at the index that its timestamp gives. With a
/// codec that has a stage, OrderedInputs stands in between.
class DirectPlayout final : public Playout {
  public:
    /// @param stage of the codec, for this stream; null if it has none. [control]
    DirectPlayout(const ReceiverPlan& plan, const tutti_codec& codec, std::unique_ptr<Stage> stage,
                  TelemetrySlot<ReceiverField> telemetry);

    void add(const StreamPacket& packet, const Destination& destination,
             const CycleContext& cycle) noexcept override;
    void end_cycle(const Destination& destination, const CycleContext& cycle) noexcept override;
    void restart() noexcept override;

  private:
    StreamRing::Verdict put(const StreamPacket& packet, int64_t index, const std::vector<RouteRun>& routes,
                            const CycleContext& cycle) noexcept;
    void write(const uint8_t* payload, uint32_t frames, int64_t index, const std::vector<RouteRun>& routes,
               DeviceRegion& region) noexcept;

    const tutti_codec& codec_;
    TelemetrySlot<ReceiverField> telemetry_;
    std::size_t frame_bytes_;
    int64_t rate_;
    Placement placement_;
    MarginMeter margin_;
    std::unique_ptr<OrderedInputs> ordered_; ///< of a codec with a stage
};

} // namespace tutti
