#pragma once
#include "cycle_context.hpp"
#include "leg_skew.hpp"
#include "playout.hpp"
#include "receive_socket.hpp"
#include "route_runs.hpp"
#include "sequence_tracker.hpp"
#include "source_policy.hpp"
#include "telemetry.hpp"

#include "tutti/codec.h"

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace tutti {

/// A datagram as the kernel gave it.
struct ReceivedPacket {
    std::span<const uint8_t> bytes;
    uint32_t source = 0;       ///< network order
    int64_t arrival_local = 0; ///< kernel receive time, local ns
};

/// One stream being received: reads headers, places samples, counts. Made and destroyed by the control
/// thread; everything marked [audio] belongs to the audio thread in between.
class Receiver {
  public:
    /// @param codec lives as long as the process. @param device_rate Hz. [control]
    static std::optional<Problem> create(const ReceiverPlan& plan, const tutti_codec& codec,
                                         uint32_t device_rate, TelemetrySlot<ReceiverField> telemetry,
                                         std::unique_ptr<Receiver>& result);

    [[nodiscard]] const ReceiverPlan& plan() const noexcept { return plan_; }
    [[nodiscard]] const tutti_codec& codec() const noexcept { return codec_; }
    [[nodiscard]] const std::vector<ReceiveSocket>& sockets() const noexcept { return sockets_; }
    /// Every leg is still on the interface it was opened on. [control]
    [[nodiscard]] bool interfaces_unchanged() const;

    /// Swaps routes and link offset in without a break. The returned old routes may be freed after one whole
    /// cycle. [control]
    std::unique_ptr<const std::vector<RouteRun>> update(const ReceiverPlan& plan);

    /// [audio]
    void receive(const ReceivedPacket& packet, uint32_t leg, const CycleContext& cycle) noexcept;
    /// Once a cycle, when its packets have been received. [audio]
    void end_cycle(const CycleContext& cycle) noexcept;
    /// The timeline stepped. [audio]
    void restart() noexcept;

  private:
    Receiver(const ReceiverPlan& plan, const tutti_codec& codec, TelemetrySlot<ReceiverField> telemetry);
    [[nodiscard]] bool accept_source(const ReceivedPacket& packet, uint32_t ssrc, uint32_t frames) noexcept;
    [[nodiscard]] SequenceVerdict count_sequence(uint16_t sequence) noexcept;
    [[nodiscard]] Destination destination() const noexcept;

    ReceiverPlan plan_;
    const tutti_codec& codec_;
    TelemetrySlot<ReceiverField> telemetry_;
    std::vector<ReceiveSocket> sockets_;
    std::atomic<const std::vector<RouteRun>*> routes_{nullptr};
    std::unique_ptr<const std::vector<RouteRun>> owned_routes_;
    std::atomic<uint32_t> link_offset_;
    std::unique_ptr<Playout> playout_;
    SourcePolicy sources_;
    SequenceTracker sequence_;
    std::unique_ptr<LegSkew> leg_skew_; ///< of a stream with two legs
};

} // namespace tutti
