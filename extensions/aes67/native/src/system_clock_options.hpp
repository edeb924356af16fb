// The options of the clock source "system", all optional: "timescale": "tai" or "realtime", and whose time it
// is (NamedGrandmaster).
#pragma once

#include <string>
#include <string_view>

#include "named_grandmaster.hpp"

namespace tutti::aes67 {

enum class Timescale { tai, realtime };

struct SystemClockOptions {
    Timescale timescale = Timescale::tai;
    NamedGrandmaster grandmaster;
    std::string error; // empty if the options were understood, else a sentence
};

// [control] Reads at most 1 KiB of text; an empty text is an empty object.
SystemClockOptions parse_system_clock_options(std::string_view json);

} // namespace tutti::aes67
