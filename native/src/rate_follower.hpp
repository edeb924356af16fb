#pragma once
#include <algorithm>

namespace tutti {

/**
 * Turns a recovered clock, which takes small steps whenever a point is added, into a rate that an ear cannot
 * hear move: a second-order, critically damped follower of both position and rate. [audio]
 */
class RateFollower {
  public:
    void start(double deviation) noexcept { deviation_ = deviation; }

    /// @param behind_ns by how much the position lags behind where it should be.
    /// @param wanted deviation of the clock followed.
    /// @param elapsed_s since the last call.
    /// @param bandwidth 1/s: the inverse of the time in which a step is followed.
    /// @returns the deviation to run at.
    double advance(double behind_ns, double wanted, double elapsed_s, double bandwidth) noexcept {
        const double force = bandwidth * bandwidth * behind_ns * 1e-9 + 2 * bandwidth * (wanted - deviation_);
        deviation_ += force * elapsed_s;
        return deviation_ = std::clamp(deviation_, wanted - largest_pull, wanted + largest_pull);
    }

  private:
    static constexpr double largest_pull = 5e-4; // less than a cent of pitch
    double deviation_ = 0;
};

} // namespace tutti
