// The best guess of a master's time, rate and distance out of noisy timestamps: a Kalman filter over the
// lucky ones. Works in local time only; knows nothing of states and of what is published.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "ptp/lucky_window.hpp"

namespace tutti::aes67::ptp {

// Three unknowns: the master's time, the rate of the local clock against it, and the path delay, taken to be
// the same in both directions (the assumption of all of PTP, IEEE 1588-2008 s.11.3). A Sync measures time
// minus delay, a Delay_Req time plus delay. Of one thread, does not allocate.
class ClockEstimate {
  public:
    // What is still to be trusted when a measurement begins.
    enum class Begin {
        anew,         // nothing
        other_master, // the rate, roughly: the local oscillator's part of it stays
        same_master   // rate and path delay: it set its clock
    };
    void begin(Begin how) noexcept;

    // For who only listens and asks nothing: the path delay is taken to be this, and Syncs alone settle the
    // estimate. sigma_ns() does not know how wrong that is. Holds from the next begin() on.
    void assume_delay(double delay_ns) noexcept { assumed_delay_ns_ = delay_ns; }
    bool assumes_delay() const noexcept { return assumed_delay_ns_.has_value(); }

    enum class Outcome {
        used,
        ignored, // a slow one, or far off without others that agree
        jumped,  // the last few agree with each other and not with the estimate: the master's time is another
        lost // as much, of an estimate that was never good; or so many are far off that it cannot be any more
    };
    // t2 and t1 + corrections (protocol terms of IEEE 1588-2008 s.11.3).
    Outcome sync(const TimePair& pair) noexcept { return take(syncs_, pair); }
    // t3 and t4 - corrections.
    Outcome delay(const TimePair& pair) noexcept { return take(delays_, pair); }

    // Lets uncertainty grow to `local_ns` where nothing is measured.
    void age(int64_t local_ns) noexcept;
    // The local clock may have gone astray by this much in `seconds` without a measurement.
    void loosen(double drift_ns, double seconds) noexcept;

    bool has_begun() const noexcept { return begun_; }
    // Pairs used since begin().
    unsigned sync_count() const noexcept { return syncs_.used; }
    unsigned delay_count() const noexcept { return delays_.used; }

    int64_t media_at(int64_t local_ns) const noexcept;
    double rate() const noexcept { return state_[1] * 1e-9; } // deviation
    double rate_sigma() const noexcept;                       // standard deviation of it
    double path_delay_ns() const noexcept { return state_[2]; }
    double sigma_ns() const noexcept; // of media_at() now
    double scatter_ns() const noexcept {
        return syncs_.spread_ns + delays_.spread_ns;
    } // of what was believed

    // Off by more than this, and agreeing with each other, pairs are a jump and not noise.
    static constexpr double jump_ns = 1'000'000;

  private:
    using Row = std::array<double, 3>;

    struct Direction {
        int delay_sign; // of the path delay in what is measured
        LuckyWindow window;
        double spread_ns = 0;
        double range_ns = 0; // that delays usually vary by
        unsigned used = 0;
        unsigned unlucky_run = 0;
        unsigned odd_run = 0;
        unsigned far_run = 0;
        double far_ns = 0;        // by how much the first of the run is off
        int64_t far_since_ns = 0; // when that was
    };

    Outcome take(Direction& direction, const TimePair& pair) noexcept;
    bool is_far(const Direction& direction, double innovation) const noexcept;
    Outcome take_far(Direction& direction, double innovation, int64_t local_ns) noexcept;
    void advance(int64_t local_ns) noexcept;
    void update(const Row& row, double innovation, double variance) noexcept;
    void doubt(double innovation) noexcept;
    bool is_settled() const noexcept { return syncs_.used >= 8 && (delays_.used >= 1 || assumes_delay()); }
    Line line() const noexcept { return {local_ns_, state_[0], rate(), base_ns_}; }
    double seconds_to(int64_t local_ns) const noexcept {
        return static_cast<double>(local_ns - local_ns_) * 1e-9;
    }

    std::optional<double> assumed_delay_ns_;
    bool begun_ = false;
    int64_t local_ns_ = 0;            // when the state is valid
    int64_t base_ns_ = 0;             // master time there, but for state_[0]
    Row state_{};                     // ns, ns/s, ns
    std::array<Row, 3> covariance_{}; // symmetric
    double wander_ = 1;               // how much less steady than assumed the clocks turn out to be
    double bias_ = 0;                 // mean of innovation / expected
    double surprise_ = 1;             // mean of (innovation / expected)^2
    unsigned unbelieved_ = 0;         // pairs in a row, of both directions, that are far off
    int64_t unbelieved_since_ns_ = 0;
    Direction syncs_{-1, LuckyWindow(+1)};
    Direction delays_{+1, LuckyWindow(-1)};
};

} // namespace tutti::aes67::ptp
