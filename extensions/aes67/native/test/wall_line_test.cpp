#include <doctest/doctest.h>

#include <random>

#include "wall_line.hpp"

using namespace tutti::aes67;

namespace wall_line_test {

namespace {

constexpr int64_t ms = 1'000'000;
constexpr int64_t second = 1'000 * ms;
constexpr int64_t offset = 1'790'000'000 * second + 123'456'789;

// A reading at `local` whose wall time is `late` ns off what its middle says; never more than the bracket
// allows.
ClockPair pair(int64_t local, int64_t real_offset, int64_t half_bracket = 50, int64_t late = 0) {
    return {local, local + real_offset + late, half_bracket};
}

} // namespace

TEST_CASE("Wall line: it is the first pair's until a step, whatever the noise of later readings") {
    WallLine line(pair(5 * second, offset));
    std::mt19937 random(1);
    for (int64_t i = 1; i <= 100'000; ++i) {
        const auto half = static_cast<int64_t>(1) << (random() % 24); // up to 8 ms: the thread was preempted
        const int64_t late = static_cast<int64_t>(random() % static_cast<uint64_t>(2 * half + 1)) - half;
        REQUIRE_FALSE(line.follow(pair(5 * second + i * 100 * ms, offset, half, late)));
    }
    CHECK(line.wall_at(7 * second) == 7 * second + offset);
    CHECK(line.generation() == 1);
    CHECK(line.error_ns() == 50);
}

TEST_CASE("Wall line: a step of either sign is a new generation on the new line") {
    for (const int64_t step : std::initializer_list<int64_t>{20'000, -20'000, ms, -ms, second, -second,
                                                             37 * second, -1'000'000'000 * second}) {
        CAPTURE(step);
        WallLine line(pair(second, offset));
        CHECK_FALSE(line.follow(pair(2 * second, offset)));
        CHECK(line.follow(pair(3 * second, offset + step, 80)));
        CHECK(line.generation() == 2);
        CHECK(line.wall_at(4 * second) == 4 * second + offset + step);
        CHECK(line.error_ns() == 80);
        CHECK_FALSE(line.follow(pair(5 * second, offset + step)));
        CHECK(line.follow(pair(6 * second, offset)));
        CHECK(line.generation() == 3);
    }
}

TEST_CASE("Wall line: a difference below the threshold is no step, and many of them are one") {
    WallLine line(pair(second, offset));
    CHECK_FALSE(line.follow(pair(2 * second, offset + WallLine::threshold_ns)));
    CHECK(line.offset_ns() == offset);
    int steps = 0;
    for (int64_t i = 0; i < 100; ++i)
        steps += line.follow(pair((3 + i) * second, offset + i * 1'000));
    CHECK(steps > 5);
    CHECK(steps < 15);
}

TEST_CASE("Wall line: a step that the bracket could explain waits for a better reading") {
    WallLine line(pair(second, offset));
    CHECK_FALSE(line.follow(pair(2 * second, offset + ms, 2 * ms)));
    CHECK(line.follow(pair(3 * second, offset + ms, 60)));
    CHECK(line.generation() == 2);
}

TEST_CASE("Wall line: a first reading with a wide bracket is not taken for a step later") {
    WallLine line(pair(second, offset, 5 * ms, 4 * ms));
    CHECK_FALSE(line.follow(pair(2 * second, offset)));
    CHECK(line.generation() == 1);
    CHECK(line.error_ns() == 5 * ms);
}

} // namespace wall_line_test
