#pragma once
#include "device.hpp"

#include <cstdint>

namespace tutti::coreaudio {

/**
 * Changes of what only changes while the HAL has stopped IO. The HAL is asked
 * (RequestDeviceConfigurationChange), stops IO, and lets us change or says no. One question at a time, none
 * in the first two seconds, when the HAL is still getting to know the device. Of several wishes the newest
 * counts; other latencies alone wait until no more wishes come. Guarded by the driver's lock.
 */
class ConfigurationChanges {
  public:
    static constexpr int64_t quiet_ns = 2'000'000'000;
    static constexpr int64_t retry_ns = 5'000'000'000; ///< after a no
    /// Each change is a gap in everybody's audio: receivers that are added one after the other make one.
    static constexpr int64_t settle_ns = 1'000'000'000;

    /// The driver was initialised now.
    void begin(int64_t now_ns) noexcept {
        *this = {};
        not_before_ns_ = now_ns + quiet_ns;
    }

    void want(const Configuration& wanted, int64_t now_ns) noexcept {
        if (!wants_ || wanted_ != wanted)
            wanted_since_ns_ = now_ns;
        wanted_ = wanted;
        wants_ = true;
    }

    /// The action to ask the HAL for now; 0 if there is nothing to ask.
    uint64_t due(const Configuration& present, int64_t now_ns) noexcept {
        if (outstanding_ != 0 || !wants_ || wanted_ == present || now_ns < not_before_ns_)
            return 0;
        if (wanted_.differs_in_latency_only(present) && now_ns - wanted_since_ns_ < settle_ns)
            return 0;
        outstanding_ = ++last_action_;
        return outstanding_;
    }

    /// The HAL has stopped IO for `action`: true if the configuration is now another one.
    bool perform(uint64_t action, Configuration& present) noexcept {
        if (action != outstanding_ || action == 0)
            return false;
        outstanding_ = 0;
        const bool changed = wants_ && wanted_ != present;
        if (changed)
            present = wanted_;
        wants_ = false;
        return changed;
    }

    /// The HAL said no; the wish remains.
    void abort(uint64_t action, int64_t now_ns) noexcept {
        if (action != outstanding_)
            return;
        outstanding_ = 0;
        not_before_ns_ = now_ns + retry_ns;
    }

  private:
    Configuration wanted_;
    bool wants_ = false;
    int64_t wanted_since_ns_ = 0;
    uint64_t outstanding_ = 0;
    uint64_t last_action_ = 0;
    int64_t not_before_ns_ = 0;
};

} // namespace tutti::coreaudio
