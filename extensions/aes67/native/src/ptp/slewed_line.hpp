// The line that is published: always continuous, bent towards the estimate by a bounded amount.
#pragma once

#include <cstdint>

namespace tutti::aes67::ptp {

// media(t) = media_ns + dt + dt * rate, dt = t - local_ns, as in tutti/clock.h. Of one thread.
class SlewedLine {
  public:
    static constexpr double most_slew =
        100e-6; // beyond the rate: far below what an ear or a resampler notices
    static constexpr double most_rate = 900e-6; // the clock ABI allows 1e-3
    static constexpr double settling_s = 1;     // in which a difference shrinks to a third

    SlewedLine(int64_t local_ns, int64_t media_ns) noexcept : local_ns_(local_ns), media_ns_(media_ns) {}

    int64_t local_ns() const noexcept { return local_ns_; }
    int64_t media_ns() const noexcept { return media_ns_; }
    double rate() const noexcept { return rate_; }
    int64_t at(int64_t local_ns) const noexcept;

    // From `local_ns` on runs at `rate`, and a little faster or slower to meet `target_ns`.
    void steer(int64_t local_ns, int64_t target_ns, double rate) noexcept;
    // From `local_ns` on runs at `rate`, wherever it is.
    void coast(int64_t local_ns, double rate) noexcept { steer(local_ns, at(local_ns), rate); }
    // Begins anew: the one discontinuity, which the caller declares.
    void step(int64_t local_ns, int64_t media_ns, double rate) noexcept;

  private:
    int64_t local_ns_;
    int64_t media_ns_;
    double rate_ = 0;
};

} // namespace tutti::aes67::ptp
