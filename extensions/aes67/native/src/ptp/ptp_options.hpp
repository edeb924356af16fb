// The options of the clock source "ptp".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ptp/ptp_clock.hpp"

namespace tutti::aes67::ptp {

// {"interface": "10.0.0.1" or "eth0" or ["eth0", "eth1"], "domain": 0 to 127, "profile": "aes67",
// "delayRequest": "multicast", "grandmaster": false, "priority1": 0 to 255, "priority2": 0 to 255}; all
// optional. The priorities are for a grandmaster only.
struct Options {
    static constexpr size_t most_interfaces = 4;

    // IPv4 addresses or names, each once; the empty one is the first interface that can multicast.
    std::vector<std::string> interfaces{""};
    uint8_t domain = 0;
    int8_t log_delay_interval = 0; // until the master says its own
    DelayMode delay_mode = DelayMode::multicast;
    bool card_stamps = true;                      // where the network card has them
    std::optional<GrandmasterConfig> grandmaster; // its time is for the source to say
    std::string error;                            // empty if the options were understood, else a sentence
};

// [control] Reads at most 1 KiB of text; an empty text is an empty object.
//
// What a follower can preset is little: it takes every interval from what it receives. The profile decides
// the domain if none is given, the rate of Delay_Req until the first Delay_Resp, and the intervals of a
// grandmaster (AES67-2018 Annex A, IEEE 1588-2008 Annex J.3, ST 2059-2, AES-R16).
Options parse_options(std::string_view json);

} // namespace tutti::aes67::ptp
