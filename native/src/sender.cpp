#include "sender.hpp"

#include "net_interface.hpp"
#include "rtp_header.hpp"
#include "send_batch.hpp"

#include "tutti/codec.h"

#include <algorithm>
#include <array>
#include <random>

namespace tutti {
namespace {

/// A packet later than this is of no use to anybody; AES67-2018 section 7.5 wants a sender's jitter below 17
/// ms, but a late packet may still be in time for a receiver with a long link offset.
constexpr int64_t max_backlog_ns = 200'000'000;

} // namespace

std::optional<Problem> Sender::create(const SenderPlan& plan, const tutti_codec& codec, uint32_t rate,
                                      TelemetrySlot<SenderField> telemetry, const OpenSocket& open_socket,
                                      std::unique_ptr<Sender>& result) {
    constexpr std::size_t max_payload = 1440; // AES67-2018 section 6.3
    const std::size_t payload =
        static_cast<std::size_t>(plan.channels) * plan.frames_per_packet * codec.bytes_per_sample;
    if (payload > max_payload) {
        const std::size_t fits =
            max_payload / (static_cast<std::size_t>(plan.channels) * codec.bytes_per_sample);
        return Problem{"limit", "framesPerPacket",
                       "a packet would carry " + std::to_string(payload) + " bytes, 1440 is the most",
                       "use a packet time of at most " + std::to_string(fits) + " frames, or fewer channels"};
    }
    std::unique_ptr<Sender> sender(new Sender(plan, codec, rate, telemetry));
    if (auto problem = Stage::create(codec, plan.channels, rate, false, sender->stage_))
        return problem;
    if (sender->stage_ != nullptr)
        sender->staged_.resize(static_cast<std::size_t>(plan.channels) * plan.frames_per_packet);
    for (std::size_t i = 0; i < plan.legs.size(); ++i) {
        Leg leg;
        if (auto problem = open_socket({plan.legs[i].interface_address, plan.dscp, plan.ttl},
                                       "legs[" + std::to_string(i) + "]", leg.socket)) {
            return problem;
        }
        leg.destination.sin_family = AF_INET;
        leg.destination.sin_port = htons(static_cast<uint16_t>(plan.legs[i].port));
        leg.destination.sin_addr.s_addr = ipv4(plan.legs[i].address);
        sender->legs_.push_back(std::move(leg));
    }
    result = std::move(sender);
    return std::nullopt;
}

Sender::Sender(const SenderPlan& plan, const tutti_codec& codec, uint32_t rate,
               TelemetrySlot<SenderField> telemetry)
    : plan_(plan), codec_(codec), rate_(rate), telemetry_(telemetry) {
    owned_routes_ = std::make_unique<const std::vector<RouteRun>>(compile_routes(plan.routes));
    routes_.store(owned_routes_.get(), std::memory_order_release);
    std::random_device random; // RFC 3550 section 5.1: both begin at random
    ssrc_ = random();
    sequence_ = static_cast<uint16_t>(random());
    telemetry_.set(SenderField::ssrc, ssrc_);
}

bool Sender::interfaces_unchanged() const {
    for (std::size_t i = 0; i < legs_.size(); ++i) {
        if (interface_index(plan_.legs[i].interface_address) != legs_[i].socket->interface())
            return false;
    }
    return true;
}

std::unique_ptr<const std::vector<RouteRun>> Sender::update(const SenderPlan& plan) {
    auto fresh = std::make_unique<const std::vector<RouteRun>>(compile_routes(plan.routes));
    routes_.store(fresh.get(), std::memory_order_release);
    plan_.routes = plan.routes;
    std::swap(owned_routes_, fresh);
    return fresh;
}

void Sender::catch_up(int64_t index_now) noexcept {
    const int64_t frames = plan_.frames_per_packet;
    const int64_t limit = max_backlog_ns * rate_ / ns_per_second;
    if (!started_) {
        started_ = true;
        // A multiple of the packet on the media clock: a restarted sender cuts its packets where the old one
        // did.
        next_index_ = (index_now / frames + 1) * frames;
        return;
    }
    const int64_t behind = index_now - next_index_ - limit;
    if (behind <= 0)
        return;
    const int64_t packets = behind / frames + 1;
    next_index_ += packets * frames;
    telemetry_.add(SenderField::skipped, static_cast<uint64_t>(packets));
}

void Sender::send_due(const CycleContext& cycle, SendBatch& batch) noexcept {
    const uint32_t frames = plan_.frames_per_packet;
    local_now_ = cycle.local_now;
    catch_up(cycle.index_now);
    while (next_index_ + frames <= cycle.index_now) {
        uint8_t* packet = batch.begin_packet();
        write_rtp_header(packet, static_cast<uint8_t>(plan_.payload_type), sequence_++,
                         static_cast<uint32_t>(next_index_) + plan_.rtp_offset, ssrc_);
        if (stage_ == nullptr)
            encode(packet + rtp_header_bytes, *cycle.region);
        else
            encode_staged(packet + rtp_header_bytes, *cycle.region);
        const std::size_t bytes =
            rtp_header_bytes + static_cast<std::size_t>(frames) * plan_.channels * codec_.bytes_per_sample;
        for (const Leg& leg : legs_)
            batch.add(*this, leg.socket->fd(), leg.destination, bytes);
        next_index_ += frames;
    }
}

void Sender::encode(uint8_t* payload, const DeviceRegion& region) noexcept {
    const std::vector<RouteRun>& routes = *routes_.load(std::memory_order_acquire);
    const std::size_t frame_bytes = static_cast<std::size_t>(plan_.channels) * codec_.bytes_per_sample;
    uint32_t routed = 0;
    for (const RouteRun& run : routes)
        routed += run.count;
    if (routed < plan_.channels)
        encode_silence(payload);
    uint32_t left = plan_.frames_per_packet;
    int64_t index = next_index_;
    while (left > 0) {
        const uint32_t part = std::min(left, region.contiguous(index));
        const float* frame = region.output_frame(index);
        for (const RouteRun& run : routes) {
            codec_.encode(frame + run.device_channel, region.device().outputs,
                          payload + static_cast<std::size_t>(run.channel) * codec_.bytes_per_sample,
                          frame_bytes, run.count, part);
        }
        payload += part * frame_bytes;
        index += part;
        left -= part;
    }
}

/// As `encode`, by way of a copy on which the stage works.
void Sender::encode_staged(uint8_t* payload, const DeviceRegion& region) noexcept {
    const std::vector<RouteRun>& routes = *routes_.load(std::memory_order_acquire);
    std::fill(staged_.begin(), staged_.end(), 0.0f);
    float* to = staged_.data();
    for (uint32_t f = 0; f < plan_.frames_per_packet; ++f, to += plan_.channels) {
        const float* frame = region.output_frame(next_index_ + f);
        for (const RouteRun& run : routes)
            std::copy_n(frame + run.device_channel, run.count, to + run.channel);
    }
    stage_->run(staged_.data(), plan_.frames_per_packet, false);
    codec_.encode(staged_.data(), plan_.channels, payload,
                  static_cast<std::size_t>(plan_.channels) * codec_.bytes_per_sample, plan_.channels,
                  plan_.frames_per_packet);
    const StageContent content = stage_->content();
    telemetry_.set(SenderField::dsd_rate, content.dsd_rate);
    telemetry_.set(SenderField::dsd_words, content.is_words ? 1 : 0);
}

void Sender::encode_silence(uint8_t* payload) noexcept {
    // The codec says what silence is on its wire; one frame of zeros, read again for every frame.
    static constexpr std::array<float, 128> zeros{};
    const std::size_t frame_bytes = static_cast<std::size_t>(plan_.channels) * codec_.bytes_per_sample;
    codec_.encode(zeros.data(), 0, payload, frame_bytes, plan_.channels, plan_.frames_per_packet);
}

void Sender::note_sent(std::size_t bytes) noexcept {
    telemetry_.add(SenderField::packets);
    telemetry_.add(SenderField::bytes, bytes);
    telemetry_.set(SenderField::last_packet_local_ns, local_now_);
}

} // namespace tutti
