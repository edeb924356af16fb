#include "direct_playout.hpp"

#include <algorithm>

namespace tutti {

DirectPlayout::DirectPlayout(const ReceiverPlan& plan, const tutti_codec& codec, std::unique_ptr<Stage> stage,
                             TelemetrySlot<ReceiverField> telemetry)
    : codec_(codec), telemetry_(telemetry),
      frame_bytes_(static_cast<std::size_t>(plan.channels) * codec.bytes_per_sample), rate_(plan.rate),
      placement_(plan.timing == Timing::shared ? Placement::shared(plan.rtp_offset, plan.rate)
                                               : Placement::arrival(plan.rate)),
      margin_(telemetry) {
    telemetry_.set(ReceiverField::anchored, placement_.anchored() ? 1 : 0);
    if (stage != nullptr)
        ordered_ = std::make_unique<OrderedInputs>(plan.channels, plan.rate, std::move(stage), telemetry);
}

void DirectPlayout::restart() noexcept {
    placement_.reset();
    if (ordered_ != nullptr)
        ordered_->restart();
}

void DirectPlayout::add(const StreamPacket& packet, const Destination& destination,
                        const CycleContext& cycle) noexcept {
    const int64_t arrival = cycle.timeline.index_at(packet.arrival_local);
    const Placement::Result place =
        placement_.place(packet.timestamp, packet.frames, arrival, destination.link_offset);
    if (place.reanchored)
        telemetry_.add(ReceiverField::reanchors);
    telemetry_.set(ReceiverField::anchored, placement_.anchored() ? 1 : 0);
    if (!place.placed)
        return;

    const int64_t index =
        place.index + destination.link_offset - (ordered_ != nullptr ? ordered_->delay() : 0);
    const int64_t needed = ordered_ != nullptr ? ordered_->due(destination, cycle) : cycle.index_now;
    const int64_t margin = index - arrival - (needed - cycle.index_now);
    margin_.note(margin * ns_per_second / rate_, (arrival - place.index) * ns_per_second / rate_);
    // Beyond what was cleared: another clock, another offset.
    const bool beyond = index + packet.frames > cycle.region->input_horizon();
    const StreamRing::Verdict verdict =
        beyond                ? StreamRing::Verdict::early
        : ordered_ != nullptr ? ordered_->put(packet.payload, packet.frames, index, codec_, cycle)
                              : put(packet, index, destination.routes, cycle);
    if (verdict == StreamRing::Verdict::early)
        telemetry_.add(ReceiverField::early);
    if (verdict == StreamRing::Verdict::late && !packet.duplicate) // a second copy is late as a rule
        telemetry_.add(ReceiverField::late);
}

/// A packet of which some frames are late yet is written whole: it does no harm where it was read already.
StreamRing::Verdict DirectPlayout::put(const StreamPacket& packet, int64_t index,
                                       const std::vector<RouteRun>& routes,
                                       const CycleContext& cycle) noexcept {
    if (index + packet.frames > cycle.index_now)
        write(packet.payload, packet.frames, index, routes, *cycle.region);
    return index < cycle.index_now ? StreamRing::Verdict::late : StreamRing::Verdict::whole;
}

void DirectPlayout::write(const uint8_t* payload, uint32_t frames, int64_t index,
                          const std::vector<RouteRun>& routes, DeviceRegion& region) noexcept {
    while (frames > 0) {
        const uint32_t part = std::min(frames, region.contiguous(index));
        float* frame = region.input_frame(index);
        for (const RouteRun& run : routes) {
            codec_.decode(payload + static_cast<std::size_t>(run.channel) * codec_.bytes_per_sample,
                          frame_bytes_, frame + run.device_channel, region.device().inputs, run.count, part);
        }
        payload += part * frame_bytes_;
        index += part;
        frames -= part;
    }
}

void DirectPlayout::end_cycle(const Destination& destination, const CycleContext& cycle) noexcept {
    margin_.end_cycle(cycle.local_now);
    if (ordered_ != nullptr)
        ordered_->advance(destination, cycle);
}

} // namespace tutti
