#include "route_runs.hpp"

#include <doctest/doctest.h>

using namespace tutti;

namespace route_runs_test {

TEST_CASE("adjacent channels become one run, whatever the order of the routes") {
    CHECK(compile_routes({{2, 18}, {0, 16}, {1, 17}}) == std::vector<RouteRun>{{0, 16, 3}});
}

TEST_CASE("gaps, crossings and one channel to several inputs become runs of their own") {
    CHECK(compile_routes({{0, 0}, {2, 1}, {3, 2}, {0, 5}}) ==
          std::vector<RouteRun>{{0, 0, 1}, {2, 1, 2}, {0, 5, 1}});
    CHECK(compile_routes({{1, 0}, {0, 1}}) == std::vector<RouteRun>{{1, 0, 1}, {0, 1, 1}});
    CHECK(compile_routes({}).empty());
}

} // namespace route_runs_test
