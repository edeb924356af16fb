#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "learned_line.hpp"

using namespace tutti::aes67;

namespace learned_line_test {

namespace {

constexpr int64_t ms = 1'000'000;
constexpr int64_t second = 1'000 * ms;

// Wall time as macOS has it: whole microseconds, at a rate of its own, read ten times a second by a thread
// that is late now and then.
class Wall {
  public:
    LearnedLine begin() { return LearnedLine(read()); }
    int steps(LearnedLine& line, int64_t duration_ns) {
        int steps = 0;
        for (const int64_t end_ns = local_ns + duration_ns; local_ns < end_ns;) {
            const int64_t passed_ns =
                LearnedLine::interval_ns + static_cast<int64_t>(random() % static_cast<uint64_t>(5 * ms));
            local_ns += passed_ns;
            ahead_ns += rate * static_cast<double>(passed_ns);
            steps += line.follow(read());
        }
        return steps;
    }
    int64_t error_of(const LearnedLine& line) const { return line.wall_at(local_ns) - now(); }

    double rate = 0;
    double ahead_ns = 0; // of where it began

  private:
    int64_t now() const { return local_ns + 1'790'000'000 * second + static_cast<int64_t>(ahead_ns); }
    ClockPair read() { return {local_ns, now() / 1'000 * 1'000, 40}; }

    int64_t local_ns = 5 * second;
    std::mt19937 random{1};
};

} // namespace

TEST_CASE("Learned line: wall time that runs at another rate is followed without a step") {
    for (const double rate : {0.0, 18e-6, -60e-6}) {
        CAPTURE(rate);
        Wall wall;
        wall.rate = rate;
        LearnedLine line = wall.begin();
        CHECK(line.state() != tutti_clock_locked);
        CHECK(wall.steps(line, 5 * second) == 0);
        CHECK(line.state() == tutti_clock_locked);
        CHECK(line.generation() == 2);
        CHECK(wall.steps(line, 600 * second) == 0);
        CHECK(line.generation() == 2);
        CHECK(line.error_ns() > 0);
        CHECK(line.error_ns() < 5'000);
        CHECK(std::llabs(wall.error_of(line)) < 2'000);
        CHECK(std::fabs(line.rate() - rate) < 2e-6);
    }
}

TEST_CASE("Learned line: wall time that is set is one step, and what slews it is none") {
    Wall wall;
    wall.rate = 18e-6;
    LearnedLine line = wall.begin();
    wall.steps(line, 20 * second);
    for (const double by : {37e9, -37e9, 2e6}) {
        CAPTURE(by);
        const uint64_t generation = line.generation();
        wall.ahead_ns += by;
        CHECK(wall.steps(line, 20 * second) == 1);
        CHECK(line.generation() == generation + 1);
        CHECK(line.state() == tutti_clock_locked);
        CHECK(std::llabs(wall.error_of(line)) < 5'000);
    }
    // What adjtime does about half a millisecond.
    wall.rate = 518e-6;
    CHECK(wall.steps(line, second) == 0);
    wall.rate = 18e-6;
    CHECK(wall.steps(line, 60 * second) == 0);
    CHECK(std::llabs(wall.error_of(line)) < 5'000);
}

} // namespace learned_line_test
