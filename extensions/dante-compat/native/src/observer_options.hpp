// The options of the clock source "ptpv1".
#pragma once

#include <string>
#include <string_view>

#include "observer.hpp"

namespace tutti::dante_compat {

// {"interface": "10.0.0.1" or "eth0", "subdomain": "_DFLT", "pathDelayNs": 12000}; all optional.
struct Options {
    std::string interface; // IPv4 address or name; empty for the first one that can multicast
    ObserverConfig observer;
    std::string error; // empty if the options were understood, else a sentence
};

// [control] Reads at most 1 KiB of text; an empty text is an empty object.
Options parse_options(std::string_view json);

} // namespace tutti::dante_compat
