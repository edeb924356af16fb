#pragma once
#include "cycle_context.hpp"
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

/// Copies a stream's frames, the first of which belongs at `index`, to the inputs they are routed to; what
/// could not be heard in time any more is left out. @param frames interleaved, `channels` each. [audio]
void write_inputs(const float* frames, uint32_t channels, uint32_t count, int64_t index,
                  const std::vector<RouteRun>& routes, const CycleContext& cycle) noexcept;

} // namespace tutti
