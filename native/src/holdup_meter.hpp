#pragma once
#include "local_time.hpp"
#include "telemetry.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace tutti {

/// The longest that the audio thread was held up of late, by whatever has its core: other work, or a machine
/// that stands still. [audio]
class HoldupMeter {
  public:
    /// What is over is told for this long.
    static constexpr int64_t window_seconds = 10;

    explicit HoldupMeter(TelemetrySlot<EngineField> telemetry) : telemetry_(telemetry) {}

    /// @param late_ns from when a cycle was due to when it began
    void note(int64_t late_ns, int64_t local_now) noexcept {
        const int64_t second = local_now / ns_per_second;
        // A second's place is the one of ten seconds before; those in between may not have come about.
        for (second_ = std::max(second_, second - window_seconds); second_ < second;)
            longest_[place(++second_)] = 0;
        int64_t& longest = longest_[place(second)];
        longest = std::max(longest, late_ns);
        telemetry_.set(EngineField::held_up_ns, *std::max_element(longest_.begin(), longest_.end()));
    }

  private:
    static std::size_t place(int64_t second) noexcept {
        return static_cast<std::size_t>(second % window_seconds);
    }

    TelemetrySlot<EngineField> telemetry_;
    std::array<int64_t, window_seconds> longest_{}; ///< of each of the last seconds
    int64_t second_ = 0;                            ///< the last one that was noted
};

} // namespace tutti
