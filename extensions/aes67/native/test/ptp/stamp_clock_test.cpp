#include <doctest/doctest.h>

#include "ptp/stamp_clock.hpp"

using namespace tutti::aes67;
using namespace tutti::aes67::ptp;

namespace stamp_clock_test {

namespace {

constexpr int64_t ms = 1'000'000;
constexpr int64_t second = 1'000 * ms;
constexpr int64_t offset = 1'790'000'000 * second;

} // namespace

TEST_CASE(
    "Stamp clock: a stamp of wall time becomes local time, to the nanosecond, whatever the later readings") {
    StampClock clock({second, second + offset, 40});
    clock.read({2 * second, 2 * second + offset + 900, 1000});
    CHECK(clock.to_local(2 * second + offset - 5) == 2 * second - 5);
}

TEST_CASE("Stamp clock: stamps from before a step of wall time are refused, those after it are not") {
    for (const int64_t by : {ms, -ms, -second, 3600 * second}) {
        CAPTURE(by);
        StampClock clock({second, second + offset, 40});
        CHECK_FALSE(clock.read({2 * second, 2 * second + offset, 40}));
        // Stamped before, read after.
        const int64_t stamp = 2 * second + 10 * ms + offset;
        CHECK(clock.read({2 * second + 20 * ms, 2 * second + 20 * ms + offset + by, 40}));
        CHECK_FALSE(clock.to_local(stamp));
        CHECK_FALSE(clock.read({3 * second, 3 * second + offset + by, 40}));
        CHECK(clock.to_local(3 * second - ms + offset + by) == 3 * second - ms);
    }
}

TEST_CASE("Stamp clock: what is later than now or long ago is refused") {
    StampClock clock({second, second + offset, 40});
    clock.read({10 * second, 10 * second + offset, 40});
    CHECK(clock.to_local(10 * second + offset));
    CHECK_FALSE(clock.to_local(10 * second + offset + ms));
    CHECK(clock.to_local(9 * second + offset));
    CHECK_FALSE(clock.to_local(7 * second + offset));
}

} // namespace stamp_clock_test
