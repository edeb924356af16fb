#include "region_session.hpp"

#include <alsa/asoundlib.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

namespace tutti::hal {
namespace {

constexpr timespec attempt_pause{0, 5'000'000};
/// The engine makes a new region within milliseconds of retiring the old one, and its clock within a cycle.
constexpr int attempts = 400;

int error_code(RegionError error) {
    switch (error) {
    case RegionError::missing:
    case RegionError::retired:
        return -ENODEV;
    case RegionError::system:
        return -EIO;
    default:
        return -EACCES;
    }
}

} // namespace

uint32_t RegionSession::channels_of(const RegionMapping& region) const noexcept {
    return plays_ ? region.geometry().outputs : region.geometry().inputs;
}

int RegionSession::open() {
    return open(region_);
}

int RegionSession::open(RegionMapping& region) const {
    RegionProblem problem = region.open(options_.region);
    for (int i = 0; i < attempts && problem.error == RegionError::retired; ++i) {
        nanosleep(&attempt_pause, nullptr);
        problem = region.open(options_.region);
    }
    if (problem) {
        SNDERR("tutti: %s %s", options_.region.c_str(), problem.message.c_str());
        return error_code(problem.error);
    }
    const uint32_t wanted = options_.first + std::max(options_.channels, 1U);
    if (wanted > channels_of(region)) {
        SNDERR("tutti: channel %u is wanted, but the device has %u %s", wanted, channels_of(region),
               plays_ ? "outputs" : "inputs");
        return -EINVAL;
    }
    return 0;
}

int RegionSession::claim(uint32_t channels) {
    if (plays_) {
        if (const auto conflict = claims_.claim_outputs(options_.first, channels)) {
            SNDERR("tutti: output channel %u is in use by %s", conflict->channel + 1,
                   conflict->holder.c_str());
            return -EBUSY;
        }
    }
    claims_.describe(plays_ ? TUTTI_CLIENT_PLAYBACK : TUTTI_CLIENT_CAPTURE, options_.first, channels,
                     program_invocation_short_name);
    return 0;
}

int RegionSession::follow(uint32_t rate, uint32_t channels) {
    if (!region_.retired())
        return 0;
    RegionMapping fresh;
    if (open(fresh) < 0)
        return -ENODEV;
    if (fresh.geometry().rate != rate || options_.first + channels > channels_of(fresh)) {
        SNDERR("tutti: the device is now %u Hz with %u channels: open it anew", fresh.geometry().rate,
               channels_of(fresh));
        return -ENODEV;
    }
    claims_.release();
    region_ = std::move(fresh);
    return claim(channels);
}

int RegionSession::wait_for_clock() {
    for (int i = 0; !clock_.refresh(region_); ++i) {
        if (i == attempts) {
            SNDERR("tutti: the engine has not started its clock");
            return -ENODEV;
        }
        nanosleep(&attempt_pause, nullptr);
    }
    return 0;
}

} // namespace tutti::hal
