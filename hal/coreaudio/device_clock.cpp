#include "device_clock.hpp"

#include <algorithm>
#include <cmath>

namespace tutti::coreaudio {
namespace {

constexpr int64_t second = 1'000'000'000;
/// How often the line is brought up to date at most; between two, it only runs on.
constexpr int64_t follow_ns = 10'000'000;
constexpr int64_t stall_periods = 4;
constexpr double jump = 200e-6;            ///< a media clock whose rate differs by more is another timeline
constexpr double slew_per_second = 200e-6; ///< the fastest change of the device's rate
constexpr double trim = 20e-6;             ///< what phase errors may add to the rate
constexpr double trim_seconds = 10;        ///< a phase error is gone after a few of these
/// Media time that moved further is a step, not an error to slew away (RegionClock says the same).
constexpr double step_seconds = 1e-3;

/// Media index at a local time with its fraction, relative to `base` so that no precision is lost.
double media_frames_from(const hal::RegionClock& media, int64_t local_ns, uint32_t rate,
                         int64_t base) noexcept {
    const int64_t media_ns = std::max<int64_t>(media.media_ns_at(local_ns), 0);
    const int64_t index = tutti_media_index(media_ns, rate);
    const int64_t rest = (media_ns % second) * static_cast<int64_t>(rate) % second;
    return static_cast<double>(index - base) + static_cast<double>(rest) / static_cast<double>(second);
}

} // namespace

/// One thread's turn to change the state. [audio] takes it only if it is free, [control] may wait.
class DeviceClock::Turn {
  public:
    explicit Turn(std::atomic<bool>& busy) noexcept : busy_(busy), mine_(!busy.exchange(true)) {}
    ~Turn() {
        if (mine_)
            busy_.store(false);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    void wait() noexcept {
        while (!mine_)
            mine_ = !busy_.exchange(true);
    }
    explicit operator bool() const noexcept { return mine_; }

  private:
    std::atomic<bool>& busy_;
    bool mine_;
};

void DeviceClock::restart(uint32_t rate, int64_t now_ns, const HostTime& time) noexcept {
    Turn turn(busy_);
    turn.wait();
    rate_.store(rate);
    region_id_ = 0;
    settle_ = true;
    state_.placed = 0;
    state_.deviation = 0;
    begin_seed(state_, now_ns, time);
    published_.store(state_);
}

void DeviceClock::resume(int64_t now_ns) noexcept {
    Turn turn(busy_);
    turn.wait();
    state_.frame = frame_at(state_, now_ns);
    state_.local_ns = now_ns;
    settle_ = true;
    published_.store(state_);
}

void DeviceClock::follow(const hal::RegionView* region, uint64_t region_id, int64_t now_ns,
                         const HostTime& time) noexcept {
    const Turn turn(busy_);
    if (!turn)
        return;
    now_ns = std::max(now_ns, state_.local_ns); // threads overtake each other
    const int64_t period_ns = static_cast<int64_t>(period) * second / rate_.load(std::memory_order_relaxed);
    if (!settle_ && now_ns - state_.local_ns > stall_periods * period_ns)
        begin_seed(state_, now_ns, time);
    if (settle_ || now_ns - state_.local_ns >= follow_ns || region_id != region_id_) {
        const bool usable =
            region != nullptr && region->geometry().rate == rate_.load(std::memory_order_relaxed);
        if (usable && media_.refresh(*region)) {
            follow_region(state_, *region, region_id, now_ns, time);
        } else {
            state_.frame = frame_at(state_, now_ns);
            state_.local_ns = now_ns;
        }
        settle_ = false;
    }
    stamp(state_, now_ns, time);
    published_.store(state_);
}

void DeviceClock::follow_region(State& state, const hal::RegionView& region, uint64_t region_id,
                                int64_t now_ns, const HostTime& time) noexcept {
    const auto rate = static_cast<double>(region.geometry().rate);
    const double frame = frame_at(state, now_ns);
    const double elapsed = static_cast<double>(now_ns - state.local_ns) / second;
    const double media_deviation = media_.rate_deviation();
    // How far the media clock is ahead of where the device takes it to be, in frames.
    double error = media_frames_from(media_, now_ns, region.geometry().rate, state.offset) - frame;
    const bool moved = region_id != region_id_ || media_.epoch() != epoch_ || settle_;
    if (state.placed == 0 || (moved && std::fabs(error) > step_seconds * rate)) {
        const double shift = std::round(error);
        state.offset += static_cast<int64_t>(shift);
        error -= shift;
    }
    if (state.placed == 0 || settle_) {
        state.deviation = media_deviation;
    } else if (std::fabs(media_deviation - state.deviation) > jump + trim) {
        begin_seed(state, now_ns, time);
        state.deviation = media_deviation;
        region_id_ = region_id;
        epoch_ = media_.epoch();
        return;
    }
    const double wanted = media_deviation + std::clamp(error / (rate * trim_seconds), -trim, trim);
    const double most = slew_per_second * elapsed;
    state.deviation += std::clamp(wanted - state.deviation, -most, most);
    state.frame = frame;
    state.local_ns = now_ns;
    state.placed = 1;
    region_id_ = region_id;
    epoch_ = media_.epoch();
}

/// The device's frames start again at 0; the place of `now` on the media clock stays what it was. With the
/// first stamp: the new seed may be published before anybody asks for one.
void DeviceClock::begin_seed(State& state, int64_t now_ns, const HostTime& time) const noexcept {
    const auto frame = static_cast<int64_t>(std::llround(frame_at(state, now_ns)));
    state.offset += frame;
    state.frame = 0;
    state.local_ns = now_ns;
    state.periods = 0;
    state.stamp_ticks = time.to_ticks(now_ns);
    ++state.seed;
}

/// k by division, never by counting calls: a call that comes late must not leave the stamps behind for ever.
void DeviceClock::stamp(State& state, int64_t now_ns, const HostTime& time) const noexcept {
    const auto periods = static_cast<int64_t>(std::floor(frame_at(state, now_ns) / period));
    if (periods <= state.periods)
        return;
    const double frames = static_cast<double>(periods) * period - state.frame;
    const double rate = rate_.load(std::memory_order_relaxed) * (1 + state.deviation);
    const int64_t at = state.local_ns + static_cast<int64_t>(std::floor(frames / rate * second));
    state.periods = periods;
    state.stamp_ticks = time.to_ticks(std::min(at, now_ns));
}

double DeviceClock::frame_at(const State& state, int64_t local_ns) const noexcept {
    const double rate = rate_.load(std::memory_order_relaxed) * (1 + state.deviation);
    return state.frame + static_cast<double>(local_ns - state.local_ns) * rate / second;
}

ZeroTimeStamp DeviceClock::zero_time_stamp() const noexcept {
    const State state = published_.load();
    return {static_cast<double>(state.periods) * period, state.stamp_ticks, state.seed};
}

bool DeviceClock::ring_index(double sample_time, int64_t& index) const noexcept {
    const State state = published_.load();
    // No longer than the rings, by far, but outside data all the same.
    if (state.placed == 0 || !(std::fabs(sample_time) < 1e15))
        return false;
    index = std::llround(sample_time) + state.offset;
    return true;
}

} // namespace tutti::coreaudio
