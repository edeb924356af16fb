// What a network card can do about timestamps, and whether it does (Linux: ethtool and SIOCGHWTSTAMP).
#pragma once

#include <cstdint>
#include <string>

namespace tutti::aes67::phc {

struct NicTimestamping {
    int phc_index = -1;          // its clock is /dev/ptpN; -1 for none
    bool has_hardware = false;   // stamps arrivals and departures, and says so by SO_TIMESTAMPING
    uint32_t rx_filters = 0;     // bits 1 << HWTSTAMP_FILTER_*
    bool is_switched_on = false; // for departures and PTPv2 event messages over UDP/IPv4 at least
};

// [control] or a clock's thread. Of a card that cannot be asked: nothing.
NicTimestamping query_nic(const std::string& interface) noexcept;

// Has the card stamp PTPv2 event messages, if it does not: a setting of the whole machine, which ptp4l makes
// in the same way. Empty, or why not.
std::string switch_on(const std::string& interface, const NicTimestamping& can);

} // namespace tutti::aes67::phc
