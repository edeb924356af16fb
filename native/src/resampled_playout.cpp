#include "resampled_playout.hpp"

#include "route_runs.hpp"

#include <algorithm>
#include <cmath>

namespace tutti {
namespace {

constexpr int64_t lead_ns = 2'000'000;        // a tick and a late wake-up
constexpr int64_t skip_ns = 20'000'000;       // further behind, the past is not made up for
constexpr int64_t gone_ns = 100'000'000;      // of nothing: the stream has ended
constexpr int64_t astray_ns = 200'000'000;    // of packets of which none could be used
constexpr double largest_slew_ns = 5'000'000; // what is more is not slewed but heard as a break
constexpr uint32_t gap_frames = 16;           // a gap is filled by so many at a time

// The recovered clock settles while it remembers more; who follows it slows down with it, to almost a
// minute. Once the position is found it slows down more than the memory grows: what a stream's beginning says
// of its rate, while the machine is still busy with that, may be a tenth of a ppm off as long as it is
// remembered, and nobody is to hear the pitch go along.
constexpr double memories_of_bandwidth = 2;
constexpr double found_s = 10;
constexpr double widest_bandwidth = 2;
constexpr double narrowest_bandwidth = 0.02;

constexpr int64_t frames_in(int64_t ns, uint32_t rate) noexcept {
    return ns * static_cast<int64_t>(rate) / ns_per_second;
}

/// Stream frames that may have to wait for one that is missing: the longest link offset.
uint32_t ring_frames(uint32_t rate, uint32_t device_rate) {
    const uint64_t longest = tutti_region_ring_frames(device_rate) / 2;
    return static_cast<uint32_t>(longest * rate / device_rate) + 1;
}

} // namespace

std::unique_ptr<ResampledPlayout> ResampledPlayout::create(const ReceiverPlan& plan, const tutti_codec& codec,
                                                           std::unique_ptr<Stage> stage, uint32_t device_rate,
                                                           TelemetrySlot<ReceiverField> telemetry) {
    std::unique_ptr<Resampler> resampler = Resampler::create(plan.channels);
    if (resampler == nullptr)
        return nullptr;
    return std::unique_ptr<ResampledPlayout>(
        new ResampledPlayout(plan, codec, std::move(stage), device_rate, telemetry, std::move(resampler)));
}

ResampledPlayout::ResampledPlayout(const ReceiverPlan& plan, const tutti_codec& codec,
                                   std::unique_ptr<Stage> stage, uint32_t device_rate,
                                   TelemetrySlot<ReceiverField> telemetry,
                                   std::unique_ptr<Resampler> resampler)
    : codec_(codec), telemetry_(telemetry), channels_(plan.channels), rate_(plan.rate),
      device_rate_(device_rate), nominal_step_(static_cast<double>(plan.rate) / device_rate),
      stage_(std::move(stage)), stage_delay_(stage_ != nullptr ? stage_->delay() : 0),
      look_ahead_ns_((Resampler::lookahead(nominal_step_) + stage_delay_) * ns_per_second / plan.rate),
      resampler_(std::move(resampler)), ring_(plan.channels, ring_frames(plan.rate, device_rate)),
      made_(static_cast<std::size_t>(block) * plan.channels), margin_(telemetry) {
    telemetry_.set(ReceiverField::resampler_ns, look_ahead_ns_);
}

uint32_t ResampledPlayout::least_link_offset(uint32_t stream_rate, uint32_t device_rate) noexcept {
    const double step = static_cast<double>(stream_rate) / device_rate;
    const int64_t look_ahead_ns = Resampler::lookahead(step) * ns_per_second / stream_rate;
    return static_cast<uint32_t>(frames_in(look_ahead_ns + lead_ns, device_rate)) + 1;
}

void ResampledPlayout::restart() noexcept {
    clock_.restart();
    newest_ = -1;
    stop_playing();
}

void ResampledPlayout::stop_playing() noexcept {
    playing_ = false;
    astray_since_ = 0;
    telemetry_.set(ReceiverField::anchored, 0);
}

void ResampledPlayout::add(const StreamPacket& packet, const Destination& destination,
                           const CycleContext& cycle) noexcept {
    if (packet.duplicate)
        return; // its samples may have been read already, and the first copy came sooner
    const int64_t position = unwrap(packet.timestamp);
    const int64_t arrival = cycle.timeline.media_ns_at(packet.arrival_local);
    const RecoveredClock::Event event = clock_.add(stream_ns(position + packet.frames), arrival);
    if (event == RecoveredClock::Event::stray)
        return;
    newest_ = position;
    if (event == RecoveredClock::Event::jumped) {
        telemetry_.add(ReceiverField::reanchors);
        stop_playing();
    }
    if (!clock_.anchored())
        return;
    if (!playing_) {
        link_offset_ = destination.link_offset;
        ring_.restart(position);
        begin(arrival);
    } else if (event == RecoveredClock::Event::shifted &&
               std::fabs(behind_ns(index_, position_, fraction_)) > largest_slew_ns) {
        telemetry_.add(ReceiverField::reanchors);
        resume(cycle);
    }
    const RecoveredClock::Delay delay = clock_.delay_at(arrival);
    const int64_t plays_ns =
        stream_ns(position) + delay.whole + static_cast<int64_t>(delay.rest) + link_offset_ns();
    const int64_t margin_ns = plays_ns - look_ahead_ns_ - lead_ns - arrival;
    // What the resampler needs ahead of time counts as delay: the link offset has to cover it.
    margin_.note(margin_ns, link_offset_ns() - margin_ns);
    const StreamRing::Verdict verdict = ring_.put(packet.payload, packet.frames, position, codec_);
    if (verdict == StreamRing::Verdict::late)
        telemetry_.add(ReceiverField::late);
    if (verdict == StreamRing::Verdict::early)
        telemetry_.add(ReceiverField::early);
    const int64_t ends_ns = plays_ns + stream_ns(packet.frames);
    notice_astray(verdict == StreamRing::Verdict::early || ends_ns < arrival, packet.arrival_local);
}

/// Notices when nothing that comes can be heard in time any more: the stream's time is not what it was.
void ResampledPlayout::notice_astray(bool astray, int64_t arrival_local) noexcept {
    if (!astray) {
        astray_since_ = 0;
    } else if (astray_since_ == 0) {
        astray_since_ = arrival_local;
    } else if (arrival_local - astray_since_ > astray_ns) {
        telemetry_.add(ReceiverField::reanchors);
        restart();
    }
}

void ResampledPlayout::end_cycle(const Destination& destination, const CycleContext& cycle) noexcept {
    margin_.end_cycle(cycle.local_now);
    if (!playing_)
        return;
    if (link_offset_ != destination.link_offset) {
        link_offset_ = destination.link_offset;
        resume(cycle);
    }
    if (index_ < cycle.index_now - frames_in(skip_ns, device_rate_)) {
        if (ring_.end() == ring_.position())
            return; // nothing to play
        resume(cycle);
    }
    const int64_t due = cycle.index_now + frames_in(lead_ns, device_rate_);
    while (index_ + block <= cycle.region->input_horizon()) {
        uint32_t frames = ring_.complete();
        if (frames == 0) {
            if (index_ >= due || missing_in_row_ > frames_in(gone_ns, rate_))
                break;
            frames = gap_frames;
        }
        if (!make(frames, destination, cycle))
            break; // whatever it is: the next cycle is another try, an endless one would end all streams
    }
    publish(cycle);
}

/// Resamples up to `frames` of the stream onto the inputs, whether they have come or not. False if nothing
/// moved.
bool ResampledPlayout::make(uint32_t frames, const Destination& destination,
                            const CycleContext& cycle) noexcept {
    if (!aligned_) // the line has moved, perhaps, while the resampler had too little to begin
        place(tutti_media_ns(index_, device_rate_));
    const double elapsed_s = static_cast<double>(made_before_) / device_rate_;
    const double memory_s = std::max(clock_.memory_s(), 1e-3);
    const double bandwidth = std::clamp(memories_of_bandwidth / memory_s * std::min(1.0, found_s / memory_s),
                                        narrowest_bandwidth, widest_bandwidth);
    const double deviation =
        follower_.advance(behind_ns(index_, position_, fraction_), clock_.deviation(), elapsed_s, bandwidth);
    // The very first frame's step puts the second exactly where it belongs, between the stream's frames.
    const double step =
        aligned_ ? nominal_step_ * (1 + deviation) : behind_ns(index_ + 1, position_, 0) * 1e-9 * rate_;
    const auto fitting =
        static_cast<uint32_t>((block - 2) * nominal_step_); // what makes no more than a block
    const uint32_t offered = std::min({frames, fitting, ring_.contiguous()});
    if (stage_ != nullptr)
        ring_.finish(offered, *stage_);
    const Resampler::Progress progress =
        resampler_->process(ring_.next(), offered, made_.data(), aligned_ ? block : 1, step);

    const uint32_t missing = ring_.pass(progress.taken);
    missing_in_row_ = missing == progress.taken ? missing_in_row_ + missing : 0;
    if (missing > 0)
        telemetry_.add(ReceiverField::missing_frames, missing);
    write(progress.made, destination, cycle);
    index_ += progress.made;
    fraction_ += progress.made * step;
    const double whole = std::floor(fraction_);
    position_ += static_cast<int64_t>(whole);
    fraction_ -= whole;
    made_before_ = progress.made;
    aligned_ = aligned_ || progress.made > 0;
    return progress.taken + progress.made > 0;
}

void ResampledPlayout::write(uint32_t frames, const Destination& destination,
                             const CycleContext& cycle) noexcept {
    write_inputs(made_.data(), channels_, frames, index_, destination.routes, cycle);
}

/// Position in the stream of what the next frame of the ring becomes, once the stage is through with it.
int64_t ResampledPlayout::next_position() const noexcept {
    return ring_.position() - stage_delay_;
}

/// Begins to play at the ring's position, at the index where it belongs.
void ResampledPlayout::begin(int64_t near_media_ns) noexcept {
    position_ = next_position();
    fraction_ = 0;
    place(near_media_ns);
    resampler_->reset();
    if (stage_ != nullptr)
        stage_->reset();
    follower_.start(clock_.deviation());
    aligned_ = false;
    made_before_ = 0;
    missing_in_row_ = 0;
    playing_ = true;
    telemetry_.set(ReceiverField::anchored, 1);
}

/// Sets the index at which the position is to be heard. @param near_media_ns about then
void ResampledPlayout::place(int64_t near_media_ns) noexcept {
    int64_t at_ns = near_media_ns;
    for (int pass = 0; pass < 2; ++pass) { // the delay depends a little on the time that is sought
        const RecoveredClock::Delay delay = clock_.delay_at(at_ns - link_offset_ns());
        at_ns = stream_ns(position_) + delay.whole + static_cast<int64_t>(delay.rest) + link_offset_ns();
    }
    index_ = tutti_media_index(at_ns + ns_per_second / device_rate_ / 2, device_rate_);
}

/// Goes on at what can still be heard in time, leaving out what cannot.
void ResampledPlayout::resume(const CycleContext& cycle) noexcept {
    const int64_t soonest = cycle.index_now + frames_in(lead_ns, device_rate_);
    const double missed_ns = behind_ns(soonest, next_position(), 0);
    if (missed_ns > 0)
        ring_.skip_to(ring_.position() + static_cast<int64_t>(missed_ns * 1e-9 * rate_) + 1);
    begin(cycle.timeline.media_ns_at(cycle.local_now));
}

/// By how much a position of the stream lies before the one that is to be heard at an index of the device.
double ResampledPlayout::behind_ns(int64_t index, int64_t position, double fraction) const noexcept {
    const int64_t arrived_ns = tutti_media_ns(index, device_rate_) - link_offset_ns();
    const RecoveredClock::Delay delay = clock_.delay_at(arrived_ns);
    return static_cast<double>(arrived_ns - delay.whole - stream_ns(position)) - delay.rest -
           fraction * (1e9 / rate_);
}

int64_t ResampledPlayout::unwrap(uint32_t timestamp) const noexcept {
    constexpr int64_t room_for_earlier = int64_t{1} << 32;
    return newest_ < 0 ? timestamp + room_for_earlier : unwrap32(timestamp, newest_);
}

int64_t ResampledPlayout::stream_ns(int64_t position) const noexcept {
    return tutti_media_ns(position, rate_);
}

int64_t ResampledPlayout::link_offset_ns() const noexcept {
    return tutti_media_ns(link_offset_, device_rate_);
}

void ResampledPlayout::publish(const CycleContext& cycle) noexcept {
    telemetry_.set(ReceiverField::sender_ppb, std::llround(clock_.deviation() * 1e9));
    telemetry_.set(ReceiverField::clock_error_ns, std::llround(clock_.error_ns()));
    telemetry_.set(ReceiverField::buffered_ns,
                   std::max<int64_t>(0, index_ - cycle.index_now) * ns_per_second / device_rate_);
    if (stage_ == nullptr)
        return;
    const StageContent content = stage_->content();
    telemetry_.set(ReceiverField::dsd_rate, content.dsd_rate);
    telemetry_.set(ReceiverField::dsd_words, content.is_words ? 1 : 0);
}

} // namespace tutti
