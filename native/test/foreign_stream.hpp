#pragma once
#include "allocation_guard.hpp"
#include "local_time.hpp"
#include "random.hpp"
#include "resampled_playout.hpp"
#include "scratch_file.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <utility>
#include <vector>

namespace tutti::test {

/// 24-bit samples, as a codec plug-in reads and writes them.
inline const tutti_codec& plain_l24() {
    static const tutti_codec codec{
        sizeof(tutti_codec),
        TUTTI_ABI,
        "L24",
        3,
        [](const uint8_t* wire, size_t wire_stride, float* samples, size_t sample_stride, uint32_t channels,
           uint32_t frames) {
            for (uint32_t f = 0; f < frames; ++f, wire += wire_stride, samples += sample_stride) {
                for (uint32_t c = 0; c < channels; ++c) {
                    const uint32_t word = static_cast<uint32_t>(wire[3 * c]) << 24 |
                                          static_cast<uint32_t>(wire[3 * c + 1]) << 16 |
                                          static_cast<uint32_t>(wire[3 * c + 2]) << 8;
                    samples[c] = static_cast<float>(static_cast<int32_t>(word) >> 8) / 8388608.0f;
                }
            }
        },
        nullptr,
        nullptr,
        nullptr};
    return codec;
}

/// How a simulated sender and the network between behave.
struct ForeignStream {
    uint32_t rate = 48000;
    uint32_t channels = 1;
    uint32_t frames = 48;
    double deviation = 3e-4; ///< of the sender's clock
    double wander = 0;       ///< amplitude of a slow change of `deviation`, over ten minutes
    double jitter_ns = 0;    ///< mean, exponentially distributed
    double spike_chance = 0; ///< that a packet takes a detour of up to 3 ms and is overtaken
    double loss_chance = 0;
    uint32_t first_timestamp = 0xFFFF0000; ///< wraps soon
    uint64_t seed = 1;
};

/// A receiver that resamples, in virtual time: the test is the network and the audio thread.
class ForeignBench {
  public:
    static constexpr int64_t epoch_ns = 1'760'000'000'000'000'000;
    static constexpr int64_t base_delay_ns = 80'000;
    static constexpr double tone_hz = 997;

    ForeignBench(const ForeignStream& stream, uint32_t link_offset, uint32_t device_rate = 48000,
                 const tutti_codec& codec = plain_l24())
        : stream_(stream), random_(stream.seed), words_(arrival_words_at + ArrivalBins::count),
          telemetry_(words_.data()), region_file_("foreign.device") {
        std::string error;
        region_ = DeviceRegion::open(region_file_.path(), {"test", device_rate, 64, 1}, error);
        REQUIRE(region_ != nullptr);
        ReceiverPlan plan;
        plan.rate = stream.rate;
        plan.channels = stream.channels;
        plan.timing = Timing::resample;
        std::unique_ptr<Stage> stage;
        REQUIRE_FALSE(Stage::create(codec, plan.channels, plan.rate, true, stage).has_value());
        playout_ = ResampledPlayout::create(plan, codec, std::move(stage), device_rate, telemetry_);
        REQUIRE(playout_ != nullptr);
        for (uint32_t c = 0; c < stream.channels; ++c)
            routes_.push_back({c, c, 1});
        link_offset_ = link_offset;
        payload_.resize(static_cast<std::size_t>(stream.frames) * stream.channels * 3);
        now_ = tutti_media_ns(tutti_media_index(epoch_ns, device_rate), device_rate);
        listened_ = tutti_media_index(now_, device_rate);
        region_->restart(listened_);
    }

    /// One millisecond: the sender sends, the network delivers, the audio thread runs unless it `stalls`.
    void step(bool stalls = false) {
        now_ += 1'000'000;
        while (taken_ns(next_frame_ + stream_.frames) < static_cast<double>(now_ - epoch_ns))
            send();
        const CycleContext cycle = context();
        for (; listened_ < cycle.index_now; ++listened_) // as an application does, whatever the engine does
            heard_.push_back(region_->input_frame(listened_)[0]);
        if (stalls)
            return;
        while (!flight_.empty() && flight_.begin()->first <= now_) {
            deliver(flight_.begin()->second, flight_.begin()->first, cycle);
            flight_.erase(flight_.begin());
        }
        {
            const AllocationGuard guard;
            playout_->end_cycle(destination(), cycle);
            allocations_ += guard.count();
        }
        region_->advance_input_horizon(cycle.index_now + region_->ring_frames() / 2);
    }

    /// Media time, ns after the epoch, at which the sender took a frame.
    [[nodiscard]] double taken_ns(int64_t frame) const {
        const double seconds = static_cast<double>(frame) / stream_.rate;
        const double slow = 600 / (2 * std::numbers::pi);
        const double at = seconds / (1 + stream_.deviation);
        return 1e9 * (at - stream_.wander * slow * (1 - std::cos(at / slow)));
    }
    /// The frame, with its fraction, that the sender took at a time.
    [[nodiscard]] double frame_at(double ns) const {
        double frame = ns * 1e-9 * stream_.rate * (1 + stream_.deviation);
        for (int i = 0; i < 3; ++i) {
            const auto whole = static_cast<int64_t>(std::floor(frame));
            const double at = taken_ns(whole);
            frame = static_cast<double>(whole) + (ns - at) / (taken_ns(whole + 1) - at);
        }
        return frame;
    }

    [[nodiscard]] CycleContext context() const {
        CycleContext cycle;
        cycle.timeline = {now_, now_, 0, region_->device().rate};
        cycle.local_now = now_;
        cycle.index_now = cycle.timeline.index_at(now_);
        cycle.region = region_.get();
        return cycle;
    }
    [[nodiscard]] Destination destination() const { return {routes_, link_offset_}; }
    [[nodiscard]] uint64_t count(ReceiverField field) const { return telemetry_.get(field); }
    [[nodiscard]] int64_t value(ReceiverField field) const {
        return static_cast<int64_t>(telemetry_.get(field));
    }
    [[nodiscard]] int64_t index_now() const { return context().index_now; }
    [[nodiscard]] float heard(int64_t index, uint32_t channel = 0) const {
        return region_->input_frame(index)[channel];
    }
    [[nodiscard]] uint64_t lost() const { return lost_; } ///< packets, by the network
    [[nodiscard]] uint64_t allocations() const { return allocations_; }
    [[nodiscard]] ResampledPlayout& playout() { return *playout_; }

    /// Takes what was heard on input 1 since the last call.
    std::vector<float> take_heard() { return std::exchange(heard_, {}); }
    /// Index of the next sample that `take_heard` gives first.
    [[nodiscard]] int64_t heard_from() const { return listened_ - static_cast<int64_t>(heard_.size()); }
    [[nodiscard]] std::size_t heard_frames() const { return heard_.size(); }

    ForeignStream stream_;
    uint32_t link_offset_ = 960;
    int64_t network_delay_ns_ = base_delay_ns; ///< of packets sent from now on
    int64_t held_until_ns_ = 0;                ///< what is sent before this time arrives then, all at once
    uint32_t timestamp_slip_ = 0;              ///< added to the timestamps from now on

  private:
    struct Flying {
        int64_t frame;
        uint32_t timestamp;
    };

    double chance() { return static_cast<double>(random_.below(1 << 30)) / (1 << 30); }

    void send() {
        const int64_t frame = next_frame_;
        next_frame_ += stream_.frames;
        const double jitter = -stream_.jitter_ns * std::log(1 - chance());
        const double detour = chance() < stream_.spike_chance ? 3e6 * chance() : 0;
        if (chance() < stream_.loss_chance) {
            ++lost_;
            return;
        }
        const auto sent = epoch_ns + static_cast<int64_t>(taken_ns(next_frame_));
        const int64_t arrival =
            std::max(sent + network_delay_ns_ + static_cast<int64_t>(jitter + detour), held_until_ns_);
        flight_.emplace(
            arrival, Flying{frame, stream_.first_timestamp + timestamp_slip_ + static_cast<uint32_t>(frame)});
    }

    void deliver(const Flying& packet, int64_t arrival, const CycleContext& cycle) {
        const double omega = 2 * std::numbers::pi * tone_hz / stream_.rate;
        uint8_t* byte = payload_.data();
        for (uint32_t f = 0; f < stream_.frames; ++f) {
            const double angle = omega * static_cast<double>((packet.frame + f) % stream_.rate);
            for (uint32_t c = 0; c < stream_.channels; ++c) {
                const double level = 0.891 / (c + 1);
                const auto value = static_cast<int32_t>(std::lround(level * 8388607 * std::sin(angle)));
                *byte++ = static_cast<uint8_t>(value >> 16);
                *byte++ = static_cast<uint8_t>(value >> 8);
                *byte++ = static_cast<uint8_t>(value);
            }
        }
        const AllocationGuard guard;
        playout_->add({payload_.data(), stream_.frames, packet.timestamp, arrival, false}, destination(),
                      cycle);
        allocations_ += guard.count();
    }

    Random random_;
    std::vector<uint64_t> words_;
    TelemetrySlot<ReceiverField> telemetry_;
    ScratchFile region_file_;
    std::unique_ptr<DeviceRegion> region_;
    std::unique_ptr<ResampledPlayout> playout_;
    std::vector<RouteRun> routes_;
    std::vector<uint8_t> payload_;
    std::multimap<int64_t, Flying> flight_;
    int64_t now_ = 0;
    int64_t next_frame_ = 0;
    int64_t listened_ = 0;
    std::vector<float> heard_;
    uint64_t lost_ = 0;
    uint64_t allocations_ = 0;
};

} // namespace tutti::test
