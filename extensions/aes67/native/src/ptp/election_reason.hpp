// Why a master is followed or not, in words for people.
#pragma once

#include <string>

#include "ptp/ptp_clock.hpp"

namespace tutti::aes67::ptp {

// [control] Of one line of `status.election`: "priority1 128 against 100", "domain 5, we follow 0",
// "silent for 12 s".
std::string reason_of(const Candidate& candidate, const ClockStatus& status);

// [control] Of ourselves, if status.own.
std::string own_reason(const ClockStatus& status);

} // namespace tutti::aes67::ptp
