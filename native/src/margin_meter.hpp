#pragma once
#include "local_time.hpp"
#include "telemetry.hpp"

#include <algorithm>
#include <cstdint>

namespace tutti {

/// How much time packets had to spare, least and most, published every second; and when they came, counted.
/// [audio]
class MarginMeter {
  public:
    explicit MarginMeter(TelemetrySlot<ReceiverField> telemetry) : telemetry_(telemetry) {}

    /// @param margin_ns from its arrival to the time it is needed
    /// @param delay_ns from its timestamp to its arrival
    void note(int64_t margin_ns, int64_t delay_ns) noexcept {
        telemetry_.count_arrival(ArrivalBins::of(delay_ns));
        least_ = std::min(least_, margin_ns);
        most_ = std::max(most_, margin_ns);
    }

    void end_cycle(int64_t local_now) noexcept {
        if (local_now - began_ < ns_per_second)
            return;
        began_ = local_now;
        if (most_ < least_)
            return; // nothing came
        telemetry_.set(ReceiverField::margin_min_ns, least_);
        telemetry_.set(ReceiverField::margin_max_ns, most_);
        least_ = INT64_MAX;
        most_ = INT64_MIN;
    }

  private:
    TelemetrySlot<ReceiverField> telemetry_;
    int64_t least_ = INT64_MAX;
    int64_t most_ = INT64_MIN;
    int64_t began_ = 0;
};

} // namespace tutti
