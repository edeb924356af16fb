#pragma once
#include "margin_meter.hpp"
#include "placement.hpp"
#include "plan.hpp"
#include "playout.hpp"
#include "telemetry.hpp"

#include "tutti/codec.h"

namespace tutti {

/// Bit-exact: decodes each packet straight into the inputs at the index that its timestamp gives.
class DirectPlayout final : public Playout {
  public:
    DirectPlayout(const ReceiverPlan& plan, const tutti_codec& codec, TelemetrySlot<ReceiverField> telemetry);

    void add(const StreamPacket& packet, const Destination& destination,
             const CycleContext& cycle) noexcept override;
    void end_cycle(const Destination& destination, const CycleContext& cycle) noexcept override;
    void restart() noexcept override { placement_.reset(); }

  private:
    void write(const uint8_t* payload, uint32_t frames, int64_t index, const std::vector<RouteRun>& routes,
               DeviceRegion& region) noexcept;

    const tutti_codec& codec_;
    TelemetrySlot<ReceiverField> telemetry_;
    std::size_t frame_bytes_;
    int64_t rate_;
    Placement placement_;
    MarginMeter margin_;
};

} // namespace tutti
