// From timestamps to the published clock: states, steps and holdover around the estimate and the line.
#pragma once

#include <cstdint>
#include <optional>

#include "ptp/clock_estimate.hpp"
#include "ptp/slewed_line.hpp"
#include "tutti/clock.h"

namespace tutti::aes67::ptp {

// Times are passed in; `now` is local time and never goes back. Of one thread, does not allocate.
//
//   listening -> calibrating -> locked <-> holdover
//
// While locked and in holdover the line is continuous. It steps, with the next generation, when it locks for
// the first time, or again to a time that is more than step_ns away. A master that is measured after another
// one was followed leaves the state at holdover: the line still coasts on what was learned of the old one.
class Servo {
  public:
    static constexpr int64_t step_ns = 1'000'000; // the audio cycle takes more than this for a step, too

    // Until something is locked, media time is this line.
    Servo(int64_t local_ns, int64_t media_ns) noexcept : line_(local_ns, media_ns) {}

    // Delays are never measured, but taken to be this (ClockEstimate::assume_delay). Before anything else.
    void assume_path_delay(double delay_ns) noexcept { estimate_.assume_delay(delay_ns); }

    // The measurements that follow are of another master. `qualified`: it may be believed, not only measured.
    void follow_other() noexcept;
    void set_qualified(bool qualified) noexcept { qualified_ = qualified; }
    void set_sync_interval(int64_t interval_ns) noexcept { sync_interval_ns_ = interval_ns; }
    // No master is left. Its measurements stay good if it comes back.
    void lose_master() noexcept { has_master_ = false; }
    void regain_master() noexcept { has_master_ = true; }

    void sync(const TimePair& pair, int64_t now) noexcept;
    void delay(const TimePair& pair) noexcept;

    // Moves states and line on to `now`; call it after messages and ten times a second without any.
    void advance(int64_t now) noexcept;

    tutti_clock_state state() const noexcept { return state_; }
    const SlewedLine& line() const noexcept { return line_; }
    uint64_t generation() const noexcept { return generation_; }
    // Estimated error of the line, 2 sigma and what is still to be slewed; -1 while nothing is known. What no
    // follower can see is not in it: a path that is longer one way than the other.
    int64_t error_ns() const noexcept { return error_ns_; }
    // Our line minus the master's time, by the last Sync that was good enough to be used: what is still to be
    // slewed and the noise of one measurement. As engineers know it from IEEE 1588's offsetFromMaster.
    std::optional<int64_t> offset_ns() const noexcept { return offset_ns_; }
    // What the last declared step was.
    int64_t last_step_ns() const noexcept { return last_step_ns_; }
    const ClockEstimate& estimate() const noexcept { return estimate_; }

  private:
    bool may_lock() const noexcept;
    bool is_silence(int64_t silence_ns) const noexcept;
    void lock(int64_t now) noexcept;
    void begin_again(ClockEstimate::Begin how) noexcept;
    void begin_again_if(ClockEstimate::Outcome outcome) noexcept;
    void coast(int64_t now) noexcept;

    ClockEstimate estimate_;
    SlewedLine line_;
    tutti_clock_state state_ = tutti_clock_listening;
    uint64_t generation_ = 1;
    int64_t error_ns_ = -1;
    int64_t last_step_ns_ = 0;
    std::optional<int64_t> offset_ns_;
    int64_t sync_interval_ns_ = 1'000'000'000;
    int64_t last_sync_ns_ = 0; // local time of the last Sync that was of use
    bool has_master_ = false;
    bool qualified_ = false;
    bool estimate_is_followed_ = false; // the line was locked to this estimate

    // What the line coasts on while another master is measured.
    double held_rate_ = 0;
    double held_rate_sigma_ = 0;
    int64_t held_error_ns_ = -1;
    int64_t held_since_ns_ = 0;
};

} // namespace tutti::aes67::ptp
