#include "audio_cycle.hpp"

#include <algorithm>
#include <cstdlib>

namespace tutti {
namespace {

/// Media time that moves by more than this between two cycles was stepped, whatever its source says of it;
/// what is less is slewed, and moves samples by less than the link offset covers.
constexpr int64_t step_tolerance_ns = 1'000'000;
constexpr auto peak_window_ns = static_cast<int64_t>(AudioCycle::peak_window_seconds * 1e9);

} // namespace

AudioCycle::AudioCycle(const ClockBridge& clock, Telemetry& telemetry)
    : clock_(clock), engine_(telemetry.engine()), telemetry_(telemetry), relation_(clock.relation()) {}

int64_t AudioCycle::run(int64_t now) noexcept {
    const StreamSet* set = set_.load(std::memory_order_acquire);
    int64_t next = now + idle_cycle_ns;
    if (set != nullptr && set->region != nullptr) {
        CycleContext cycle;
        cycle.local_now = now;
        cycle.region = set->region;
        clock_.refresh(relation_);
        const tutti_clock_relation& relation = relation_;
        cycle.timeline = {relation.local_ns, relation.media_ns, relation.rate_deviation,
                          set->region->device().rate};
        cycle.index_now = cycle.timeline.index_at(now);
        if (follow_clock(cycle, *set))
            restart_streams(*set);

        packets_.drain(cycle);
        for (Receiver* receiver : set->receivers)
            receiver->end_cycle(cycle);
        for (Sender* sender : set->senders)
            sender->send_due(cycle, batch_);
        batch_.flush();
        finish_outputs(cycle, *set);
        meter_inputs(cycle);
        cycle.region->advance_input_horizon(cycle.index_now + cycle.region->ring_frames() / 2);
        publish(cycle, relation.state);
        const int64_t tick = set->tick_frames;
        next = cycle.timeline.local_ns_of((cycle.index_now / tick + 1) * tick);
    } else {
        region_ = nullptr;
    }
    engine_.add(EngineField::ticks);
    engine_.set(EngineField::heartbeat_ns, now);
    acknowledged_.store(set, std::memory_order_release);
    count_.fetch_add(1, std::memory_order_release);
    return next;
}

/// True if positions of the cycle before do not compare with this one's.
bool AudioCycle::follow_clock(CycleContext& cycle, const StreamSet& set) noexcept {
    bool stepped = false;
    if (region_ != set.region) {
        // A new region, or one that an engine before this one left: its own clock block tells whether time
        // went on.
        stepped = !set.region->continues(cycle.timeline, step_tolerance_ns) ||
                  set.region->input_horizon() > cycle.index_now + set.region->ring_frames();
        output_meter_ = PeakMeter(set.region->device().outputs);
        input_meter_ = PeakMeter(set.region->device().inputs);
        metered_inputs_ = cycle.index_now;
        region_ = set.region;
    } else {
        const int64_t expected = timeline_.media_ns_at(cycle.local_now);
        stepped = std::llabs(cycle.timeline.media_ns_at(cycle.local_now) - expected) > step_tolerance_ns;
        if (stepped)
            engine_.add(EngineField::clock_steps);
    }
    timeline_ = cycle.timeline;
    if (stepped)
        set.region->restart(cycle.index_now);
    return stepped;
}

void AudioCycle::restart_streams(const StreamSet& set) noexcept {
    for (Receiver* receiver : set.receivers)
        receiver->restart();
    for (Sender* sender : set.senders)
        sender->restart();
    metered_inputs_ = 0;
}

void AudioCycle::finish_outputs(const CycleContext& cycle, const StreamSet& set) noexcept {
    DeviceRegion& region = *cycle.region;
    int64_t floor = cycle.index_now;
    for (const Sender* sender : set.senders)
        floor = std::min(floor, sender->next_index());
    int64_t from = std::max(region.output_floor(), floor - static_cast<int64_t>(region.ring_frames()));
    while (from < floor) {
        const auto part = static_cast<uint32_t>(std::min<int64_t>(floor - from, region.contiguous(from)));
        output_meter_.add(region.output_frame(from), part);
        from += part;
    }
    region.advance_output_floor(floor);
}

void AudioCycle::meter_inputs(const CycleContext& cycle) noexcept {
    DeviceRegion& region = *cycle.region;
    const int64_t earliest = cycle.index_now - static_cast<int64_t>(region.ring_frames()) / 2;
    int64_t from = std::max(metered_inputs_, earliest);
    while (from < cycle.index_now) {
        const auto part =
            static_cast<uint32_t>(std::min<int64_t>(cycle.index_now - from, region.contiguous(from)));
        input_meter_.add(region.input_frame(from), part);
        from += part;
    }
    metered_inputs_ = cycle.index_now;
}

void AudioCycle::publish(const CycleContext& cycle, uint32_t state) noexcept {
    cycle.region->publish_clock(cycle.timeline, state, cycle.local_now);
    engine_.set(EngineField::media_ns, cycle.timeline.media_ns_at(cycle.local_now));
    engine_.set(EngineField::clock_state, state);
    if (cycle.local_now < window_ends_)
        return;
    window_ends_ = cycle.local_now + peak_window_ns;
    telemetry_.publish_peaks(input_meter_.peaks(), output_meter_.peaks());
    input_meter_.reset();
    output_meter_.reset();
}

} // namespace tutti
