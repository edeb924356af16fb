// The options of the clock source "phc".
#pragma once

#include <string>
#include <string_view>

#include "named_grandmaster.hpp"

namespace tutti::aes67::phc {

// {"device": "/dev/ptp0" or the name of an interface, "grandmaster": "...", "domain": 0}; all optional.
struct PhcClockOptions {
    std::string device; // empty for the first
    NamedGrandmaster grandmaster;
    std::string error; // empty if the options were understood, else a sentence
};

// [control] Reads at most 1 KiB of text; an empty text is an empty object.
PhcClockOptions parse_phc_clock_options(std::string_view json);

} // namespace tutti::aes67::phc
