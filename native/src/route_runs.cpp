#include "route_runs.hpp"

#include <algorithm>

namespace tutti {

std::vector<RouteRun> compile_routes(std::vector<Route> routes) {
    std::sort(routes.begin(), routes.end(), [](const Route& a, const Route& b) {
        return a.device_channel != b.device_channel ? a.device_channel < b.device_channel
                                                    : a.channel < b.channel;
    });
    std::vector<RouteRun> runs;
    for (const Route& route : routes) {
        if (!runs.empty() && runs.back().channel + runs.back().count == route.channel &&
            runs.back().device_channel + runs.back().count == route.device_channel) {
            ++runs.back().count;
        } else {
            runs.push_back({route.channel, route.device_channel, 1});
        }
    }
    return runs;
}

void write_inputs(const float* frames, uint32_t channels, uint32_t count, int64_t index,
                  const std::vector<RouteRun>& routes, const CycleContext& cycle) noexcept {
    DeviceRegion& region = *cycle.region;
    const int64_t end = index + count;
    for (int64_t at = std::max(index, cycle.index_now); at < end;) {
        const auto part = std::min<int64_t>(end - at, region.contiguous(at));
        for (const RouteRun& run : routes) {
            const float* from = frames + (at - index) * channels + run.channel;
            float* to = region.input_frame(at) + run.device_channel;
            for (int64_t f = 0; f < part; ++f, from += channels, to += region.device().inputs)
                std::copy(from, from + run.count, to);
        }
        at += part;
    }
}

} // namespace tutti
