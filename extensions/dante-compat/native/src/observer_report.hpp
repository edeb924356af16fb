// What people see of the observer: the JSON that the clock ABI's `report` gives (tutti/clock.h).
#pragma once

#include <optional>
#include <string>

#include "network_interface.hpp"
#include "observer.hpp"

namespace tutti::dante_compat {

// [control]. `interface`: nothing while it is waited for. `stamped`: all arrivals were stamped by the kernel.
//
// Beyond what the ABI names, "dataset" and candidates have what PTPv1 says instead of priorities: "stratum",
// "identifier", "preferred", "boundaryClock"; and the whole has "subdomain", "assumedPathDelayNs" (there is
// no "pathDelayNs": it cannot be measured) and "followers", the number of other clocks heard asking for time.
std::string to_json(const ObserverStatus& status, const std::optional<NetworkInterface>& interface,
                    bool stamped);

} // namespace tutti::dante_compat
