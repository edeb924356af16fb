#include "client/region_reader.hpp"
#include "region.hpp"
#include "runs.hpp"
#include "verbs.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <optional>
#include <vector>

#include <unistd.h>

namespace tutti::tools {
namespace {

constexpr useconds_t look_us = 5000;

/// (a - b) of numbers of which only the low 24 bits are known, taken to be less than half of that apart.
int64_t difference24(int64_t a, int64_t b) {
    const int64_t low = (a - b) & 0xFFFFFF;
    return low >= 0x800000 ? low - 0x1000000 : low;
}

} // namespace

int find(const Arguments& arguments) {
    Region region(arguments.region);
    Region source(arguments.source);
    Runs runs;
    uint64_t epoch = 0;
    int64_t next = 0;
    int64_t lost = 0;
    std::vector<float> samples;
    std::vector<int64_t> apart_ns; // from the sender's output to our input, in real time
    const int64_t end = clock_ns(CLOCK_MONOTONIC) + static_cast<int64_t>(arguments.seconds * 1e9);
    for (; !stop && clock_ns(CLOCK_MONOTONIC) < end; usleep(look_us)) {
        if (!region.follow())
            continue;
        const bool has_source = !arguments.source.empty() && source.follow();
        const int64_t now = region.now();
        if (region.epoch() != epoch) {
            epoch = region.epoch();
            next = now;
            runs.cut();
        }
        const auto frames = std::clamp<int64_t>(now - next, 0, region.mapping().geometry().ring_frames);
        if (frames == 0)
            continue;
        samples.resize(static_cast<size_t>(frames));
        const hal::RegionReader reader(region.mapping());
        lost += reader.read(next, frames, arguments.channel, 1, now, samples.data()).lost;
        const int64_t wall_minus_local = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
        for (int64_t i = 0; i < frames; ++i) {
            const float sample = samples[static_cast<size_t>(i)];
            std::optional<int64_t> delay;
            if (sample != 0)
                delay = difference24(next + i, index_in(sample));
            const int64_t local_ns = region.clock().local_ns_of(next + i);
            runs.add(delay, local_ns + wall_minus_local);
            if (i == 0 && delay && has_source)
                apart_ns.push_back(local_ns - source.clock().local_ns_of(next + i - *delay));
        }
        next += frames;
    }
    std::sort(apart_ns.begin(), apart_ns.end());
    const auto at = [&](double q) {
        return apart_ns.empty() ? -1
                                : apart_ns[static_cast<size_t>(q * static_cast<double>(apart_ns.size() - 1))];
    };
    std::printf("{\"runs\":%s,\"lost\":%" PRId64 ",\"apartNs\":{\"min\":%" PRId64 ",\"median\":%" PRId64
                ",\"max\":%" PRId64 "}}\n",
                runs.to_json().c_str(), lost, at(0), at(0.5), at(1));
    return 0;
}

} // namespace tutti::tools
