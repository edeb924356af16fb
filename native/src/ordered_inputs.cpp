#include "ordered_inputs.hpp"

#include "local_time.hpp"
#include "route_runs.hpp"

#include <algorithm>

namespace tutti {
namespace {

constexpr int64_t longest_lead_ns = 20'000'000;

} // namespace

OrderedInputs::OrderedInputs(uint32_t channels, uint32_t rate, std::unique_ptr<Stage> stage,
                             TelemetrySlot<ReceiverField> telemetry)
    : channels_(channels), rate_(rate), stage_(std::move(stage)), telemetry_(telemetry),
      ring_(channels, tutti_region_ring_frames(rate) / 2) {}

int64_t OrderedInputs::due(const Destination& destination, const CycleContext& cycle) const noexcept {
    return cycle.index_now +
           std::min<int64_t>(destination.link_offset * 2 / 5, longest_lead_ns * rate_ / ns_per_second);
}

StreamRing::Verdict OrderedInputs::put(const uint8_t* payload, uint32_t frames, int64_t index,
                                       const tutti_codec& codec, const CycleContext& cycle) noexcept {
    if (!playing_ || jumped_)
        begin(jumped_ ? cycle.index_now : std::max(index, cycle.index_now));
    return ring_.put(payload, frames, index, codec);
}

void OrderedInputs::begin(int64_t index) noexcept {
    ring_.restart(index);
    stage_->reset();
    playing_ = true;
    jumped_ = false;
}

void OrderedInputs::advance(const Destination& destination, const CycleContext& cycle) noexcept {
    if (!playing_)
        return;
    if (jumped_)
        begin(cycle.index_now);
    if (ring_.position() < cycle.index_now - longest_lead_ns * rate_ / ns_per_second) {
        ring_.skip_to(cycle.index_now); // the thread was held up: that time is gone
        stage_->reset();
    }
    const int64_t due = this->due(destination, cycle);
    for (;;) {
        const int64_t position = ring_.position();
        const int64_t ready = std::max(position + ring_.complete(), due);
        const int64_t end = std::min(ready, cycle.region->input_horizon());
        if (end <= position)
            break;
        const auto frames = static_cast<uint32_t>(std::min<int64_t>(end - position, ring_.contiguous()));
        ring_.finish(frames, *stage_);
        write_inputs(ring_.next(), channels_, frames, position, destination.routes, cycle);
        if (const uint32_t missing = ring_.pass(frames); missing > 0)
            telemetry_.add(ReceiverField::missing_frames, missing);
    }
    const StageContent content = stage_->content();
    telemetry_.set(ReceiverField::dsd_rate, content.dsd_rate);
    telemetry_.set(ReceiverField::dsd_words, content.is_words ? 1 : 0);
}

} // namespace tutti
