#include "random.hpp"
#include "timeline.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace tutti;

namespace timeline_test {

namespace {
constexpr uint32_t rates[] = {44100, 48000, 88200, 96000, 176400, 192000, 352800, 384000};
constexpr int64_t century_s = 100LL * 365 * 86400;
} // namespace

TEST_CASE("the media clock shows exactly rate ticks a second, for a century and at every rate") {
    test::Random random(1);
    for (const uint32_t rate : rates) {
        for (int i = 0; i < 20000; ++i) {
            const int64_t second = random.below(century_s);
            CHECK_EQ(tutti_media_index(second * ns_per_second, rate), second * static_cast<int64_t>(rate));
            CHECK_EQ(tutti_media_index(second * ns_per_second + ns_per_second - 1, rate),
                     (second + 1) * static_cast<int64_t>(rate) - 1);
        }
    }
}

TEST_CASE("the time of an index is the first nanosecond that shows it") {
    test::Random random(2);
    for (const uint32_t rate : rates) {
        for (int i = 0; i < 20000; ++i) {
            const int64_t index = random.below(century_s) * rate + random.below(rate);
            const int64_t ns = tutti_media_ns(index, rate);
            CHECK_EQ(tutti_media_index(ns, rate), index);
            if (ns > 0)
                CHECK_LT(tutti_media_index(ns - 1, rate), index);
        }
    }
}

TEST_CASE("the media clock never runs backwards and never leaves an index out") {
    for (const uint32_t rate : rates) {
        int64_t last = tutti_media_index(1'700'000'000'000'000'000, rate);
        for (int64_t ns = 0; ns < 5'000'000; ns += 1'000) { // 1 us is less than a sample at 384 kHz
            const int64_t index = tutti_media_index(1'700'000'000'000'000'000 + ns, rate);
            CHECK_GE(index, last);
            CHECK_LE(index, last + 1);
            last = index;
        }
    }
}

TEST_CASE("local time and index are inverse also when the clock is off by 100 ppm") {
    test::Random random(3);
    for (const double deviation : {0.0, 1e-4, -1e-4}) {
        const Timeline line{5'000'000'000, 1'700'000'000'123'456'789, deviation, 44100};
        for (int i = 0; i < 10000; ++i) {
            const int64_t local = line.local_ns + random.below(2 * ns_per_second) - ns_per_second;
            const int64_t index = line.index_at(local);
            CHECK_EQ(line.index_at(line.local_ns_of(index) + 20), index); // 20 ns: rounding of the deviation
        }
    }
}

TEST_CASE("an RTP timestamp is unwrapped to the nearest index, across the wrap and at negative distances") {
    test::Random random(4);
    for (int i = 0; i < 100000; ++i) {
        const int64_t near = random.below(int64_t{1} << 50);
        const int64_t index = near + random.below(int64_t{1} << 31) - (int64_t{1} << 30);
        CHECK_EQ(unwrap32(static_cast<uint32_t>(index), near), index);
    }
}

} // namespace timeline_test
