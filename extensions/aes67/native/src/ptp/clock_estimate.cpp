#include "ptp/clock_estimate.hpp"

#include <algorithm>
#include <cmath>

#include "ptp/slewed_line.hpp"

namespace tutti::aes67::ptp {
namespace {

constexpr double square(double value) noexcept {
    return value * value;
}

// Standard deviations to begin with.
constexpr double unknown_time_ns = 1e6; // the first Sync is taken without its path delay
constexpr double unknown_delay_ns = 1e6;
constexpr double kept_delay_ns = 20e3;
constexpr double unknown_rate = 200e3; // ns/s: two oscillators of +-100 ppm
constexpr double other_rate = 50e3;    // ns/s
constexpr double kept_rate = 2e3;      // ns/s

// Noise of the clocks between measurements, per second: what a computer's quartz does in a room. Where it is
// worse (an oscillator that a time service bends), wander_ grows.
constexpr double time_noise = 3;   // ns per root second
constexpr double rate_noise = 4;   // ns/s per root second
constexpr double delay_noise = 20; // ns per root second
constexpr double most_wander = 4000;
constexpr double most_bias = 1.5; // mean of some ten normalised innovations
constexpr double bias_memory_s = 2;

constexpr double stamp_noise_ns = 150;  // least scatter of a software timestamp
constexpr double first_noise_ns = 30e3; // of a pair, while there are too few to see their scatter
constexpr double agreement_ns = 500e3;  // pairs that are far off by about the same
constexpr unsigned far_enough = 6;      // that many of them are a jump
constexpr unsigned lost_enough = 20;    // that many that do not even agree: nobody could be believed any more
constexpr int64_t lost_after_ns = 5'000'000'000; // nor is that a queue which was full for a moment
constexpr double most_round_trip_ns = 1e9;       // no network that has a clock in it is slower
constexpr unsigned odd_enough = 3;               // that many pairs beyond all expectation are a change
constexpr unsigned unlucky_enough = 16;          // that many slow ones in a row are the new normal

} // namespace

void ClockEstimate::begin(Begin how) noexcept {
    if (std::fabs(rate()) > SlewedLine::most_rate)
        how = Begin::anew; // no clock's: something else was taken for it
    begun_ = false;
    for (Direction* direction : {&syncs_, &delays_}) {
        direction->window.clear();
        direction->range_ns = 0;
        direction->used = direction->unlucky_run = direction->odd_run = direction->far_run = 0;
    }
    const double rate_sigma = how == Begin::anew           ? unknown_rate
                              : how == Begin::other_master ? other_rate
                                                           : kept_rate;
    const bool keep_delay = how == Begin::same_master;
    covariance_ = {};
    covariance_[0][0] = square(unknown_time_ns);
    covariance_[1][1] = square(rate_sigma);
    covariance_[2][2] = square(keep_delay ? kept_delay_ns : unknown_delay_ns);
    state_[0] = 0;
    if (how == Begin::anew)
        state_[1] = 0;
    if (!keep_delay)
        state_[2] = 0;
    if (assumed_delay_ns_) {
        state_[2] = *assumed_delay_ns_;
        covariance_[2][2] = 0;
    }
    wander_ = surprise_ = 1;
    bias_ = 0;
    unbelieved_ = 0;
}

int64_t ClockEstimate::media_at(int64_t local_ns) const noexcept {
    const double behind = state_[0] + seconds_to(local_ns) * state_[1];
    return base_ns_ + (local_ns - local_ns_) + std::llround(behind);
}

double ClockEstimate::sigma_ns() const noexcept {
    return std::sqrt(covariance_[0][0]);
}

double ClockEstimate::rate_sigma() const noexcept {
    return std::sqrt(covariance_[1][1]) * 1e-9;
}

void ClockEstimate::age(int64_t local_ns) noexcept {
    if (begun_)
        advance(local_ns);
}

void ClockEstimate::loosen(double drift_ns, double seconds) noexcept {
    covariance_[0][0] += square(drift_ns);
    covariance_[1][1] = std::min(covariance_[1][1] + square(2 * drift_ns / seconds), square(unknown_rate));
}

// Carries state and covariance forward. Measurements may be older than the state, they are looked at where
// they were; the state never goes back.
void ClockEstimate::advance(int64_t local_ns) noexcept {
    if (local_ns <= local_ns_)
        return;
    const double s = seconds_to(local_ns);
    base_ns_ += local_ns - local_ns_;
    local_ns_ = local_ns;
    state_[0] += s * state_[1];
    const double whole = std::floor(state_[0]);
    base_ns_ += static_cast<int64_t>(whole);
    state_[0] -= whole;

    auto& p = covariance_;
    const double rate_variance = square(rate_noise) * wander_;
    p[0][0] += s * (p[0][1] + p[1][0]) + s * s * p[1][1] + square(time_noise) * wander_ * s +
               rate_variance * s * s * s / 3;
    p[0][1] += s * p[1][1] + rate_variance * s * s / 2;
    p[1][0] = p[0][1];
    p[0][2] += s * p[1][2];
    p[2][0] = p[0][2];
    p[1][1] += rate_variance * s;
    if (!assumes_delay())
        p[2][2] += square(delay_noise) * s;
    // A night without a master must not overflow into nonsense.
    p[1][1] = std::min(p[1][1], square(unknown_rate));
}

void ClockEstimate::update(const Row& row, double innovation, double variance) noexcept {
    Row cross{};
    for (size_t i = 0; i < 3; ++i)
        cross[i] = covariance_[i][0] * row[0] + covariance_[i][1] * row[1] + covariance_[i][2] * row[2];
    const double expected = row[0] * cross[0] + row[1] * cross[1] + row[2] * cross[2] + variance;
    for (size_t i = 0; i < 3; ++i)
        state_[i] += cross[i] / expected * innovation;
    for (size_t i = 0; i < 3; ++i) {
        for (size_t j = i; j < 3; ++j) {
            covariance_[i][j] -= cross[i] * cross[j] / expected;
            covariance_[j][i] = covariance_[i][j];
        }
        covariance_[i][i] = std::max(covariance_[i][i], 1e-6);
    }

    if (!is_settled())
        return;
    // White noise does not err in one direction for long: then the rate is another than we think.
    bias_ += 0.1 * (std::clamp(innovation / std::sqrt(expected), -5.0, 5.0) - bias_);
    if (std::fabs(bias_) > most_bias) {
        bias_ = 0;
        covariance_[0][0] += square(innovation);
        covariance_[1][1] += square(innovation / bias_memory_s);
    }
    surprise_ += 0.1 * (std::min(innovation * innovation / expected, 25.0) - surprise_);
    if (surprise_ > 1.5)
        wander_ = std::min(wander_ * 1.4, most_wander);
    else if (surprise_ < 1)
        wander_ = std::max(wander_ * 0.97, 1.0);
}

// Something changed by about `innovation`, in time or in path: let the next pairs of both directions tell
// which.
void ClockEstimate::doubt(double innovation) noexcept {
    covariance_[0][0] += square(innovation);
    covariance_[1][1] += square(kept_rate);
    if (!assumes_delay())
        covariance_[2][2] += square(innovation);
    for (Direction* direction : {&syncs_, &delays_})
        direction->window.shorten(odd_enough);
}

// Before the estimate is settled, too: a master may set its clock while it is measured, and a step that was
// taken for a rate leads away from all that comes after it.
bool ClockEstimate::is_far(const Direction& direction, double innovation) const noexcept {
    const bool is_first_delay = &direction == &delays_ && !is_settled() && delays_.used == 0;
    return std::fabs(innovation) > (is_first_delay ? most_round_trip_ns : jump_ns + 6 * sigma_ns());
}

ClockEstimate::Outcome ClockEstimate::take_far(Direction& direction, double innovation,
                                               int64_t local_ns) noexcept {
    if (++unbelieved_ == 1)
        unbelieved_since_ns_ = local_ns;
    if (unbelieved_ >= lost_enough && local_ns - unbelieved_since_ns_ >= lost_after_ns)
        return Outcome::lost;
    // Those of an estimate that does not know the rate yet drift apart.
    const double drift_ns = rate_sigma() * static_cast<double>(local_ns - direction.far_since_ns);
    if (direction.far_run == 0 || std::fabs(innovation - direction.far_ns) > agreement_ns + drift_ns) {
        direction.far_ns = innovation;
        direction.far_since_ns = local_ns;
        direction.far_run = 0;
    }
    if (++direction.far_run < far_enough)
        return Outcome::ignored;
    return is_settled() ? Outcome::jumped : Outcome::lost;
}

ClockEstimate::Outcome ClockEstimate::take(Direction& direction, const TimePair& pair) noexcept {
    if (!begun_) {
        if (&direction == &delays_)
            return Outcome::ignored; // there is no line yet to compare it with
        begun_ = true;
        local_ns_ = pair.local_ns;
        base_ns_ = pair.master_ns;
        state_[0] = state_[2];
    }
    advance(pair.local_ns);
    const Row row{1, seconds_to(pair.local_ns), static_cast<double>(direction.delay_sign)};
    const double innovation = -line().beyond(pair) - direction.delay_sign * state_[2];
    if (is_far(direction, innovation))
        return take_far(direction, innovation, pair.local_ns);
    // Perhaps the master's time is another by now: its answers would be taken for a long path.
    if (!is_settled() && syncs_.far_run > 0 && &direction == &delays_)
        return Outcome::ignored;
    direction.far_run = 0;
    unbelieved_ = 0;

    direction.window.add(pair);
    const LuckyWindow::Verdict verdict = direction.window.judge(line());
    const bool few = verdict.count < LuckyWindow::fewest;
    // With a rate that is not known, delays that were measured at different times do not compare.
    const bool comparable = rate_sigma() * 1e9 * verdict.reach_s < verdict.spread_ns + stamp_noise_ns;
    if (!few && comparable && !verdict.is_lucky()) {
        if (++direction.unlucky_run >= unlucky_enough) {
            direction.unlucky_run = 0;
            direction.window.shorten(LuckyWindow::fewest / 2);
        }
        return Outcome::ignored;
    }
    direction.unlucky_run = 0;
    direction.spread_ns = verdict.spread_ns;
    double noise = stamp_noise_ns + verdict.spread_ns + 2 * std::max(verdict.excess_ns, 0.0);
    if (few) {
        // The fastest of n is off by about the n-th part of what delays vary by, or did before the window was
        // cut.
        const double range_ns = std::max(verdict.range_ns, direction.range_ns);
        noise += range_ns / static_cast<double>(verdict.count + 1);
        if (verdict.count < 4)
            noise = std::max(noise, first_noise_ns);
    } else {
        direction.range_ns += 0.1 * (verdict.range_ns - direction.range_ns);
    }
    const double variance = square(noise);

    const double sigma =
        std::sqrt(covariance_[0][0] + covariance_[2][2] + 2 * row[2] * covariance_[0][2] + variance);
    if (is_settled() && std::fabs(innovation) > 6 * sigma + 1000) {
        if (++direction.odd_run < odd_enough)
            return Outcome::ignored;
        doubt(innovation);
    }
    direction.odd_run = 0;
    update(row, innovation, variance);
    ++direction.used;
    return Outcome::used;
}

} // namespace tutti::aes67::ptp
