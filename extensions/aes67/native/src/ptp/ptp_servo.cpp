#include "ptp/ptp_servo.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace tutti::aes67::ptp {
namespace {

constexpr unsigned first_syncs = 8;
constexpr unsigned first_delays = 2;
constexpr unsigned again_syncs = 6; // the rate is known then
constexpr unsigned again_delays = 1;
constexpr double most_sigma_ns = 50'000; // to call it locked
constexpr double most_rate_sigma = 20e-6;
constexpr int64_t least_silence_ns = 1'000'000'000; // before missing Sync are holdover
constexpr int silent_intervals = 5;

// How far a quartz goes astray in that time from the rate that was learned: it changes by some ppb a second
// while a room or a box warms up, within its range.
int64_t drift_ns(int64_t elapsed_ns) noexcept {
    const auto elapsed = static_cast<double>(elapsed_ns);
    return std::llround(elapsed * std::min(5e-9 * elapsed * 1e-9, 10e-6));
}

} // namespace

void Servo::begin_again(ClockEstimate::Begin how) noexcept {
    if (estimate_is_followed_) {
        held_rate_ = estimate_.rate();
        held_rate_sigma_ = estimate_.rate_sigma();
        held_error_ns_ = error_ns_;
        held_since_ns_ = line_.local_ns();
    }
    estimate_is_followed_ = false;
    estimate_.begin(how);
}

void Servo::begin_again_if(ClockEstimate::Outcome outcome) noexcept {
    if (outcome == ClockEstimate::Outcome::jumped)
        begin_again(ClockEstimate::Begin::same_master);
    else if (outcome == ClockEstimate::Outcome::lost)
        begin_again(ClockEstimate::Begin::anew);
}

void Servo::follow_other() noexcept {
    has_master_ = true;
    offset_ns_.reset();
    begin_again(generation_ > 1 ? ClockEstimate::Begin::other_master : ClockEstimate::Begin::anew);
}

bool Servo::is_silence(int64_t silence_ns) const noexcept {
    return silence_ns > std::max(least_silence_ns, silent_intervals * sync_interval_ns_);
}

void Servo::sync(const TimePair& pair, int64_t now) noexcept {
    const int64_t silence_ns = now - last_sync_ns_;
    if (estimate_is_followed_ && is_silence(silence_ns))
        estimate_.loosen(static_cast<double>(drift_ns(silence_ns)), static_cast<double>(silence_ns) * 1e-9);
    const ClockEstimate::Outcome outcome = estimate_.sync(pair);
    begin_again_if(outcome);
    if (outcome == ClockEstimate::Outcome::used)
        offset_ns_ = line_.at(pair.local_ns) - pair.master_ns - std::llround(estimate_.path_delay_ns());
    last_sync_ns_ = now;
}

void Servo::delay(const TimePair& pair) noexcept {
    begin_again_if(estimate_.delay(pair));
}

bool Servo::may_lock() const noexcept {
    const bool again = generation_ > 1;
    return has_master_ && qualified_ && estimate_.sync_count() >= (again ? again_syncs : first_syncs) &&
           (estimate_.assumes_delay() || estimate_.delay_count() >= (again ? again_delays : first_delays)) &&
           estimate_.sigma_ns() < most_sigma_ns && estimate_.rate_sigma() < most_rate_sigma &&
           std::fabs(estimate_.rate()) < SlewedLine::most_rate - SlewedLine::most_slew;
}

void Servo::lock(int64_t now) noexcept {
    const int64_t target_ns = estimate_.media_at(now);
    const int64_t difference_ns = target_ns - line_.at(now);
    if (generation_ == 1 || std::llabs(difference_ns) > step_ns) {
        line_.step(now, target_ns, estimate_.rate());
        last_step_ns_ = difference_ns;
        ++generation_;
    }
    estimate_is_followed_ = true;
    state_ = tutti_clock_locked;
}

void Servo::coast(int64_t now) noexcept {
    if (generation_ == 1) {
        state_ = has_master_ && estimate_.has_begun() ? tutti_clock_calibrating : tutti_clock_listening;
        line_.coast(now, 0);
        return;
    }
    state_ = tutti_clock_holdover;
    line_.coast(now, held_rate_);
    const int64_t held_ns = now - held_since_ns_;
    error_ns_ = held_error_ns_ + std::llround(static_cast<double>(held_ns) * 2 * held_rate_sigma_) +
                drift_ns(held_ns);
}

void Servo::advance(int64_t now) noexcept {
    estimate_.age(now);
    if (!estimate_is_followed_ && may_lock())
        lock(now);
    if (!estimate_is_followed_) {
        coast(now);
        return;
    }
    const int64_t silence_ns = now - last_sync_ns_;
    const bool silent = !has_master_ || is_silence(silence_ns);
    state_ = silent ? tutti_clock_holdover : tutti_clock_locked;
    const int64_t target_ns = estimate_.media_at(now);
    line_.steer(now, target_ns, estimate_.rate());
    error_ns_ = std::llround(2 * estimate_.sigma_ns() + estimate_.scatter_ns() / 2) +
                std::llabs(target_ns - line_.media_ns()) + (silent ? drift_ns(silence_ns) : 0);
}

} // namespace tutti::aes67::ptp
