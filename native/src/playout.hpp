#pragma once
#include "cycle_context.hpp"
#include "route_runs.hpp"

#include <cstdint>
#include <vector>

namespace tutti {

/// A packet that belongs to the stream: whole frames as the codec reads them.
struct StreamPacket {
    const uint8_t* payload = nullptr;
    uint32_t frames = 0;
    uint32_t timestamp = 0;    ///< RTP, of the first frame
    int64_t arrival_local = 0; ///< local ns
    bool duplicate = false;    ///< its sequence number was seen before
};

/// Where a stream is to be heard: the receiver's present routes, and the delay in frames of the device.
struct Destination {
    const std::vector<RouteRun>& routes;
    uint32_t link_offset;
};

/// Brings a stream's samples onto the device's inputs at their time. Made and destroyed by the control
/// thread; everything else is [audio].
class Playout {
  public:
    virtual ~Playout() = default;
    virtual void add(const StreamPacket& packet, const Destination& destination,
                     const CycleContext& cycle) noexcept = 0;
    /// Once a cycle, after its packets.
    virtual void end_cycle(const Destination& destination, const CycleContext& cycle) noexcept = 0;
    /// After a change of sender or a step of the timeline: what was learned of the stream's time is void.
    virtual void restart() noexcept = 0;
};

} // namespace tutti
