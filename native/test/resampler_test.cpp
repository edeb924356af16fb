#include "allocation_guard.hpp"
#include "resampler.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace tutti;

namespace resampler_test {

TEST_CASE("an output frame comes as soon as its look-ahead has, and no sooner than that is needed") {
    for (const double step : {0.91875, 1.0, 1.0003, 2.0}) {
        CAPTURE(step);
        const auto resampler = Resampler::create(1);
        std::vector<float> out(64);
        uint32_t fed = 0;
        uint32_t made = 0;
        while (made == 0) {
            const float sample = 0.5f;
            made = resampler->process(&sample, 1, out.data(), 64, step).made;
            ++fed;
        }
        CHECK(fed <= Resampler::lookahead(step) + 1);
        CHECK(fed + 4 >= Resampler::lookahead(step));
    }
}

TEST_CASE("output stays where the sum of the steps says, whatever the ratio does, without an allocation") {
    const auto resampler = Resampler::create(2);
    std::vector<float> in(48 * 2);
    std::vector<float> out(512 * 2);
    int64_t fed = 0;
    double position = 0;
    uint64_t allocations = 0;
    for (int call = 0; call < 20000; ++call) {
        for (int i = 0; i < 48; ++i, ++fed)
            in[2 * i] = in[2 * i + 1] = static_cast<float>(std::sin(0.01 * static_cast<double>(fed)));
        const double step = 1 + 1e-3 * std::sin(call / 100.0);
        Resampler::Progress progress;
        {
            const test::AllocationGuard guard;
            progress = resampler->process(in.data(), 48, out.data(), 512, step);
            allocations += guard.count();
        }
        CHECK_EQ(progress.taken, 48);
        for (uint32_t i = 0; i < progress.made; ++i, position += step) {
            if (call > 10)
                REQUIRE(std::fabs(out[2 * i] - std::sin(0.01 * position)) < 1e-5);
        }
    }
    const test::AllocationGuard guard;
    resampler->reset();
    CHECK_EQ(allocations + guard.count(), 0);
}

} // namespace resampler_test
