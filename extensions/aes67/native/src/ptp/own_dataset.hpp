// What we announce of our own clock, and compare others with, when others may follow us.
#pragma once

#include <cstdint>

#include "ptp/ptp_message.hpp"
#include "ptp/time_properties.hpp"

namespace tutti::aes67::ptp {

// Grandmaster mode. A software clock must lose to any hardware: lower wins, a Dante AVIO announces priority1
// 249 (seen on the wire), 128 is everybody's default (IEEE 1588-2008 Annex J.3), and 255 is what slave-only
// clocks say, so that 250 is the least modest number that is modest enough.
struct GrandmasterConfig {
    uint8_t priority1 = 250;
    uint8_t priority2 = 250;
    int8_t log_announce_interval = 1;
    int8_t log_sync_interval = -3;
    TimeProperties time; // of the media time that the port starts with
};

// defaultDS and timePropertiesDS (IEEE 1588-2008 s.8.2.1, 8.2.4). Of one thread.
class OwnDataset {
  public:
    OwnDataset(const ClockIdentity& identity, const GrandmasterConfig& config) noexcept;

    const Announce& announce() const noexcept { return announce_; }
    // Those of an Announce. Never traceable: nobody vouches for a computer's oscillator.
    uint16_t flags() const noexcept { return flags_; }

    // Our time continues that of `followed`: so does what it said of it.
    void inherit(const Announce& followed, uint16_t flags) noexcept;

  private:
    Announce announce_;
    uint16_t flags_;
};

} // namespace tutti::aes67::ptp
