#include "receiver.hpp"

#include "direct_playout.hpp"
#include "net_interface.hpp"
#include "resampled_playout.hpp"
#include "rtp_header.hpp"

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

std::unique_ptr<Playout> make_playout(const ReceiverPlan& plan, const tutti_codec& codec,
                                      std::unique_ptr<Stage> stage, uint32_t device_rate,
                                      TelemetrySlot<ReceiverField> telemetry) {
    if (plan.timing == Timing::resample)
        return ResampledPlayout::create(plan, codec, std::move(stage), device_rate, telemetry);
    return std::make_unique<DirectPlayout>(plan, codec, std::move(stage), telemetry);
}

} // namespace

std::optional<Problem> Receiver::create(const ReceiverPlan& plan, const tutti_codec& codec,
                                        uint32_t device_rate, TelemetrySlot<ReceiverField> telemetry,
                                        std::unique_ptr<Receiver>& result) {
    std::unique_ptr<Receiver> receiver(new Receiver(plan, codec, telemetry));
    std::unique_ptr<Stage> stage;
    const bool resampled = plan.timing == Timing::resample;
    if (auto problem = Stage::create(codec, plan.channels, plan.rate, resampled, stage))
        return problem;
    receiver->playout_ = make_playout(plan, codec, std::move(stage), device_rate, telemetry);
    if (receiver->playout_ == nullptr)
        return Problem{"limit", "timing", "there is no memory for a resampler", "receive fewer channels"};
    if (plan.legs.size() > 1)
        receiver->leg_skew_ = std::make_unique<LegSkew>();
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
      sources_(accepted_sources(plan)),
      sequence_(plan.legs.size() > 1 ? SequenceTracker::long_window : SequenceTracker::window) {
    owned_routes_ = std::make_unique<const std::vector<RouteRun>>(compile_routes(plan.routes));
    routes_.store(owned_routes_.get(), std::memory_order_release);
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
    playout_->restart();
}

Destination Receiver::destination() const noexcept {
    return {*routes_.load(std::memory_order_acquire), link_offset_.load(std::memory_order_relaxed)};
}

bool Receiver::accept_source(const ReceivedPacket& packet, uint32_t ssrc, uint32_t frames) noexcept {
    const int64_t packet_ns = static_cast<int64_t>(frames) * ns_per_second / plan_.rate;
    switch (sources_.add(packet.source, ssrc, packet.arrival_local, packet_ns)) {
    case SourceVerdict::accept:
        return true;
    case SourceVerdict::accept_changed:
        telemetry_.add(ReceiverField::ssrc_changes);
        playout_->restart();
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

SequenceVerdict Receiver::count_sequence(uint16_t sequence) noexcept {
    const SequenceVerdict verdict = sequence_.add(sequence);
    if (verdict.lost > 0)
        telemetry_.add(ReceiverField::lost, verdict.lost);
    if (verdict.duplicate)
        telemetry_.add(ReceiverField::duplicate);
    if (verdict.reordered)
        telemetry_.add(ReceiverField::reordered);
    return verdict;
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
    if (leg_skew_ != nullptr) {
        leg_skew_->add(header.sequence, leg, packet.arrival_local);
        telemetry_.set(ReceiverField::leg_skew_ns, leg_skew_->largest());
    }
    const bool duplicate = count_sequence(header.sequence).duplicate;
    playout_->add({packet.bytes.data() + header.payload_offset, frames, header.timestamp,
                   packet.arrival_local, duplicate},
                  destination(), cycle);
}

void Receiver::end_cycle(const CycleContext& cycle) noexcept {
    playout_->end_cycle(destination(), cycle);
}

} // namespace tutti
