#pragma once
#include "client/region_claims.hpp"
#include "client/region_clock.hpp"
#include "client/region_mapping.hpp"

#include <cstdint>
#include <string>

namespace tutti::hal {

/// What the ALSA configuration says.
struct PcmOptions {
    std::string region;
    uint32_t first = 0;    ///< channel, from 0
    uint32_t channels = 0; ///< 0: the application decides
};

/// A PCM's hold on the device: the region, its clock and the claims. Functions return 0 or a negative errno
/// and say why on ALSA's error channel; all of them are [control].
class RegionSession {
  public:
    RegionSession(const PcmOptions& options, bool plays) : options_(options), plays_(plays) {}

    int open();
    /// Claims (playback) and describes (both) the first `channels` channels from the configured one.
    int claim(uint32_t channels);
    /// If the engine has replaced the region: the new one, when it can carry a stream of this rate and width.
    int follow(uint32_t rate, uint32_t channels);
    /// Until the engine has published its clock.
    int wait_for_clock();

    [[nodiscard]] bool plays() const noexcept { return plays_; }
    [[nodiscard]] const PcmOptions& options() const noexcept { return options_; }
    [[nodiscard]] const RegionMapping& region() const noexcept { return region_; }
    [[nodiscard]] RegionClock& clock() noexcept { return clock_; }
    [[nodiscard]] RegionClaims& claims() noexcept { return claims_; }

  private:
    int open(RegionMapping& region) const;
    [[nodiscard]] uint32_t channels_of(const RegionMapping& region) const noexcept;

    PcmOptions options_;
    bool plays_;
    RegionMapping region_;
    RegionClaims claims_{region_};
    RegionClock clock_;
};

} // namespace tutti::hal
