#include "region.hpp"
#include "verbs.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <unistd.h>

namespace tutti::tools {
namespace {

constexpr useconds_t look_us = 2000;

const char* name_of(uint32_t state) {
    constexpr const char* names[] = {"freeRun", "listening", "calibrating", "locked", "holdover"};
    return state < 5 ? names[state] : "unknown";
}

/// CLOCK_REALTIME at a CLOCK_MONOTONIC instant: the tightest of several readings, for an interruption between
/// the two would be taken for the clock's error.
struct Pair {
    int64_t local_ns = 0;
    int64_t wall_ns = 0;
};
Pair read_pair() {
    Pair best;
    int64_t least = INT64_MAX;
    for (int i = 0; i < 5; ++i) {
        const int64_t before = clock_ns(CLOCK_MONOTONIC);
        const int64_t wall = clock_ns(CLOCK_REALTIME);
        const int64_t after = clock_ns(CLOCK_MONOTONIC);
        if (after - before < least) {
            least = after - before;
            best = {before + (after - before) / 2, wall};
        }
    }
    return best;
}

int64_t quantile(const std::vector<int64_t>& sorted, double q) {
    return sorted.empty() ? -1 : sorted[static_cast<size_t>(q * static_cast<double>(sorted.size() - 1))];
}

} // namespace

int watch(const Arguments& arguments) {
    Region region(arguments.region);
    uint32_t state = UINT32_MAX;
    uint64_t epoch = 0;
    int64_t steps = -1; // the first sight of a timeline is none
    int64_t most_bend_ns = 0;
    int64_t not_locked = 0;
    std::vector<int64_t> errors;
    double sum_ns = 0;
    const int64_t end = clock_ns(CLOCK_MONOTONIC) + static_cast<int64_t>(arguments.seconds * 1e9);
    for (Pair pair = read_pair(); !stop && pair.local_ns < end; usleep(look_us), pair = read_pair()) {
        const bool known = region.clock().valid();
        const int64_t expected = known ? region.clock().media_ns_at(pair.local_ns) : 0;
        if (!region.follow())
            continue;
        const int64_t media = region.clock().media_ns_at(pair.local_ns);
        const int64_t error = media - pair.wall_ns - arguments.truth_ahead_ns;
        const bool stepped = region.epoch() != epoch;
        if (!stepped && known)
            most_bend_ns = std::max<int64_t>(most_bend_ns, std::llabs(media - expected));
        if (stepped || region.clock().state() != state) {
            steps += stepped;
            epoch = region.epoch();
            state = region.clock().state();
            std::printf("{\"atMs\":%.3f,\"state\":\"%s\",\"steps\":%" PRId64 ",\"errorNs\":%" PRId64 "}\n",
                        static_cast<double>(pair.wall_ns / 1000) / 1000, name_of(state), steps, error);
            std::fflush(stdout);
        }
        if (state != TUTTI_CLOCK_LOCKED) {
            not_locked += !errors.empty();
            continue;
        }
        errors.push_back(std::llabs(error));
        sum_ns += static_cast<double>(error);
    }
    const int64_t first = errors.empty() ? -1 : errors.front();
    std::sort(errors.begin(), errors.end());
    std::printf("{\"samples\":%zu,\"notLocked\":%" PRId64 ",\"steps\":%" PRId64 ",\"mostBendNs\":%" PRId64
                ",\"firstNs\":%" PRId64 ",\"medianNs\":%" PRId64 ",\"p99Ns\":%" PRId64 ",\"maxNs\":%" PRId64
                ",\"meanNs\":%.0f}\n",
                errors.size(), not_locked, steps, most_bend_ns, first, quantile(errors, 0.5),
                quantile(errors, 0.99), quantile(errors, 1),
                errors.empty() ? 0 : sum_ns / static_cast<double>(errors.size()));
    return errors.empty() ? 1 : 0;
}

} // namespace tutti::tools
