#include "client/region_claims.hpp"
#include "client/region_writer.hpp"
#include "region.hpp"
#include "verbs.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <vector>

#include <unistd.h>

namespace tutti::tools {
namespace {

constexpr useconds_t look_us = 5000;
constexpr int64_t ahead_divisor = 2; // half a second ahead: a busy machine may hold us up
constexpr int64_t lead_divisor = 100;

} // namespace

int mark(const Arguments& arguments) {
    Region region(arguments.region);
    std::unique_ptr<hal::RegionClaims> claims;
    uint64_t epoch = 0;
    int64_t next = 0;
    int64_t late = 0;
    std::vector<float> samples;
    const int64_t end = clock_ns(CLOCK_MONOTONIC) + static_cast<int64_t>(arguments.seconds * 1e9);
    for (; !stop && clock_ns(CLOCK_MONOTONIC) < end; usleep(look_us)) {
        if (!region.follow())
            continue;
        const int64_t rate = region.mapping().geometry().rate;
        const int64_t now = region.now();
        if (region.epoch() != epoch) {
            epoch = region.epoch();
            claims = std::make_unique<hal::RegionClaims>(region.mapping());
            if (claims->claim_outputs(arguments.channel, 1)) {
                std::fprintf(stderr, "timeline: output %u is taken\n", arguments.channel + 1);
                return 5;
            }
            claims->describe(TUTTI_CLIENT_PLAYBACK, arguments.channel, 1, "timeline mark");
            next = now + rate / lead_divisor;
            std::printf("{\"from\":%" PRId64 "}\n", next);
            std::fflush(stdout);
        }
        late += std::max<int64_t>(now - next, 0);
        next = std::max(next, now);
        const hal::RegionWriter writer(region.mapping());
        const int64_t until = std::min(now + rate / ahead_divisor, writer.window_end());
        samples.clear();
        for (int64_t index = next; index < until; ++index)
            samples.push_back(sample_of(index));
        const auto frames = static_cast<int64_t>(samples.size());
        late += frames > 0 ? writer.write(next, frames, arguments.channel, 1, samples.data()) : 0;
        next += frames;
    }
    std::printf("{\"late\":%" PRId64 "}\n", late);
    return 0;
}

} // namespace tutti::tools
