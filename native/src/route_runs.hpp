#pragma once
#include "plan.hpp"

#include <cstdint>
#include <vector>

namespace tutti {

/// Adjacent stream channels that go to adjacent device channels: one codec call a packet.
struct RouteRun {
    uint32_t channel = 0;
    uint32_t device_channel = 0;
    uint32_t count = 0;
    bool operator==(const RouteRun&) const = default;
};

/// Compiles routes into the fewest runs. [control]
std::vector<RouteRun> compile_routes(std::vector<Route> routes);

} // namespace tutti
