#include "peak_meter.hpp"
#include "random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace tutti;

namespace peak_meter_test {

TEST_CASE("the peak of every channel is its largest absolute sample, for every channel count") {
    test::Random random(7);
    for (uint32_t channels = 1; channels <= 128; ++channels) {
        constexpr uint32_t frames = 100;
        std::vector<float> samples(channels * frames);
        std::vector<float> expected(channels, 0.0f);
        for (std::size_t i = 0; i < samples.size(); ++i) {
            samples[i] = static_cast<float>(random.below(2000) - 1000) / 1000.0f;
            expected[i % channels] = std::max(expected[i % channels], std::fabs(samples[i]));
        }
        PeakMeter meter(channels);
        meter.add(samples.data(), frames);
        CHECK(std::equal(expected.begin(), expected.end(), meter.peaks().begin()));
    }
}

TEST_CASE("NaN counts as nothing") {
    PeakMeter meter(5);
    const std::vector<float> samples{0.5f, std::numeric_limits<float>::quiet_NaN(), -0.25f, 0,
                                     std::numeric_limits<float>::quiet_NaN()};
    meter.add(samples.data(), 1);
    CHECK_EQ(meter.peaks()[0], 0.5f);
    CHECK_EQ(meter.peaks()[1], 0.0f);
    CHECK_EQ(meter.peaks()[2], 0.25f);
    CHECK_EQ(meter.peaks()[4], 0.0f);
}

} // namespace peak_meter_test
