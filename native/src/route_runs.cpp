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

} // namespace tutti
