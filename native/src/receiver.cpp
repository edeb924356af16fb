#include "receiver.hpp"

#include "net_interface.hpp"
#include "rtp_header.hpp"

#include <algorithm>

namespace tutti {
namespace {

std::vector<uint32_t> accepted_sources(const ReceiverPlan& plan) {
    std::vector<uint32_t> sources;
    for (const ReceiverLegPlan& leg : plan.legs) {
        if (leg.sources.empty())
            return {}; // a leg that takes any; the other one's sockets are filtered by the kernel
        for (const std::string& source : leg.sources)
            sources.push_back(ipv4(source));
    }
    return sources;
}

} // namespace

std::optional<Problem> Receiver::create(const ReceiverPlan& plan, const tutti_codec& codec,
                                        TelemetrySlot<ReceiverField> telemetry,
                                        std::unique_ptr<Receiver>& result) {
    std::unique_ptr<Receiver> receiver(new Receiver(plan, codec, telemetry));
    for (std::size_t i = 0; i < plan.legs.size(); ++i) {
        ReceiveSocket socket;
        if (auto problem = ReceiveSocket::open(plan.legs[i], "legs[" + std::to_string(i) + "]", socket))
            return problem;
        receiver->sockets_.push_back(std::move(socket));
    }
    result = std::move(receiver);
    return std::nullopt;
}

Receiver::Receiver(const ReceiverPlan& plan, const tutti_codec& codec, TelemetrySlot<ReceiverField> telemetry)
    : plan_(plan), codec_(codec), telemetry_(telemetry), link_offset_(plan.link_offset),
      placement_(plan.shared_clock ? Placement::shared(plan.rtp_offset, plan.rate)
                                   : Placement::arrival(plan.rate)),
      sources_(accepted_sources(plan)) {
    owned_routes_ = std::make_unique<const std::vector<RouteRun>>(compile_routes(plan.routes));
    routes_.store(owned_routes_.get(), std::memory_order_release);
    telemetry_.set(ReceiverField::anchored, plan.shared_clock ? 1 : 0);
}

bool Receiver::interfaces_unchanged() const {
    for (std::size_t i = 0; i < sockets_.size(); ++i) {
        if (interface_index(plan_.legs[i].interface_address) != sockets_[i].interface())
            return false;
    }
    return true;
}

std::unique_ptr<const std::vector<RouteRun>> Receiver::update(const ReceiverPlan& plan) {
    auto fresh = std::make_unique<const std::vector<RouteRun>>(compile_routes(plan.routes));
    routes_.store(fresh.get(), std::memory_order_release);
    link_offset_.store(plan.link_offset, std::memory_order_relaxed);
    plan_.routes = plan.routes;
    plan_.link_offset = plan.link_offset;
    std::swap(owned_routes_, fresh);
    return fresh;
}

void Receiver::restart() noexcept {
    placement_.reset();
}

bool Receiver::accept_source(const ReceivedPacket& packet, uint32_t ssrc, uint32_t frames) noexcept {
    const int64_t packet_ns = static_cast<int64_t>(frames) * ns_per_second / plan_.rate;
    switch (sources_.add(packet.source, ssrc, packet.arrival_local, packet_ns)) {
    case SourceVerdict::accept:
        return true;
    case SourceVerdict::accept_changed:
        telemetry_.add(ReceiverField::ssrc_changes);
        placement_.reset();
        sequence_.reset();
        return true;
    case SourceVerdict::wrong_source:
        telemetry_.add(ReceiverField::wrong_source);
        return false;
    case SourceVerdict::conflict:
        telemetry_.add(ReceiverField::ssrc_conflicts);
        return false;
    }
    return false;
}

void Receiver::count_sequence(uint16_t sequence) noexcept {
    const SequenceVerdict verdict = sequence_.add(sequence);
    if (verdict.lost > 0)
        telemetry_.add(ReceiverField::lost, verdict.lost);
    if (verdict.duplicate)
        telemetry_.add(ReceiverField::duplicate);
    if (verdict.reordered)
        telemetry_.add(ReceiverField::reordered);
}

void Receiver::receive(const ReceivedPacket& packet, uint32_t leg, const CycleContext& cycle) noexcept {
    RtpHeader header;
    const std::size_t frame_bytes = static_cast<std::size_t>(plan_.channels) * codec_.bytes_per_sample;
    if (parse_rtp(packet.bytes, header) != RtpParse::ok) {
        telemetry_.add(ReceiverField::malformed);
        return;
    }
    if (header.payload_type != plan_.payload_type) {
        telemetry_.add(ReceiverField::wrong_payload_type);
        return;
    }
    if (header.payload_bytes % frame_bytes != 0) { // not a whole number of frames: protocols.md 3.1
        telemetry_.add(ReceiverField::malformed);
        return;
    }
    const auto frames = static_cast<uint32_t>(header.payload_bytes / frame_bytes);
    if (!accept_source(packet, header.ssrc, frames))
        return;

    telemetry_.add(ReceiverField::packets);
    telemetry_.add(ReceiverField::bytes, packet.bytes.size());
    telemetry_.add(leg == 0 ? ReceiverField::leg_a_packets : ReceiverField::leg_b_packets);
    telemetry_.set(ReceiverField::last_packet_local_ns, packet.arrival_local);
    telemetry_.set(ReceiverField::frames_per_packet, frames);
    telemetry_.set(ReceiverField::ssrc, header.ssrc);
    telemetry_.set(ReceiverField::last_timestamp, header.timestamp);
    count_sequence(header.sequence);

    const uint32_t link_offset = link_offset_.load(std::memory_order_relaxed);
    const int64_t arrival = cycle.timeline.index_at(packet.arrival_local);
    const Placement::Result place = placement_.place(header.timestamp, frames, arrival, link_offset);
    if (place.reanchored)
        telemetry_.add(ReceiverField::reanchors);
    telemetry_.set(ReceiverField::anchored, placement_.anchored() ? 1 : 0);
    if (!place.placed)
        return;

    const int64_t index = place.index + link_offset;
    note_margin(index - arrival);
    if (index < cycle.index_now)
        telemetry_.add(ReceiverField::late);
    if (index + frames <= cycle.index_now)
        return;
    if (index + frames >
        cycle.region->input_horizon()) { // beyond what was cleared: another clock, another offset
        telemetry_.add(ReceiverField::early);
        return;
    }
    write(packet.bytes.data() + header.payload_offset, frames, index, *cycle.region);
}

void Receiver::write(const uint8_t* payload, uint32_t frames, int64_t index, DeviceRegion& region) noexcept {
    const std::size_t frame_bytes = static_cast<std::size_t>(plan_.channels) * codec_.bytes_per_sample;
    const std::vector<RouteRun>& routes = *routes_.load(std::memory_order_acquire);
    while (frames > 0) {
        const uint32_t part = std::min(frames, region.contiguous(index));
        float* frame = region.input_frame(index);
        for (const RouteRun& run : routes) {
            codec_.decode(payload + static_cast<std::size_t>(run.channel) * codec_.bytes_per_sample,
                          frame_bytes, frame + run.device_channel, region.device().inputs, run.count, part);
        }
        payload += part * frame_bytes;
        index += part;
        frames -= part;
    }
}

void Receiver::note_margin(int64_t margin_frames) noexcept {
    const int64_t ns = margin_frames * ns_per_second / static_cast<int64_t>(plan_.rate);
    margin_min_ns_ = std::min(margin_min_ns_, ns);
    margin_max_ns_ = std::max(margin_max_ns_, ns);
}

void Receiver::end_cycle(const CycleContext& cycle) noexcept {
    if (cycle.local_now - margin_window_began_ < ns_per_second)
        return;
    margin_window_began_ = cycle.local_now;
    if (margin_max_ns_ < margin_min_ns_)
        return; // nothing came
    telemetry_.set(ReceiverField::margin_min_ns, margin_min_ns_);
    telemetry_.set(ReceiverField::margin_max_ns, margin_max_ns_);
    margin_min_ns_ = INT64_MAX;
    margin_max_ns_ = INT64_MIN;
}

} // namespace tutti
