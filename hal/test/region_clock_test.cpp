#include "client/local_time.hpp"
#include "client/region_clock.hpp"
#include "client/region_mapping.hpp"

#include "region_keeper.hpp"
#include "scratch.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <thread>

using namespace tutti::hal;
using namespace tutti::hal::test;

namespace region_clock_test {

namespace {

struct Fixture {
    explicit Fixture(double rate_deviation = 0, uint32_t rate = 48000)
        : keeper(options(rate_deviation, rate)) {
        REQUIRE_FALSE(mapping.open(scratch_path("clock")));
    }
    static KeeperOptions options(double rate_deviation, uint32_t rate) {
        KeeperOptions options;
        options.path = scratch_path("clock");
        options.inputs = options.outputs = 1;
        options.rate = rate;
        options.rate_deviation = rate_deviation;
        return options;
    }
    RegionKeeper keeper;
    RegionMapping mapping;
    RegionClock clock;
};

} // namespace

TEST_CASE("the media clock shows an index from its first nanosecond on") {
    for (const uint32_t rate : {44100U, 48000U, 96000U, 352800U, 384000U}) {
        for (const double deviation : {0.0, 1e-6, -37e-6, 1e-3}) {
            Fixture f(deviation, rate);
            REQUIRE(f.clock.refresh(f.mapping));
            const int64_t local = local_now_ns();
            const int64_t now = f.clock.index_at(local);
            std::mt19937_64 random(7);
            for (int i = 0; i < 200; ++i) {
                const int64_t index = now + static_cast<int64_t>(random() % 400000);
                const int64_t at = f.clock.local_ns_of(index);
                // Two nanoseconds for the rounding of both directions of the line.
                CHECK(f.clock.index_at(at + 2) == index);
                CHECK(f.clock.index_at(at - 3) == index - 1);
            }
        }
    }
}

TEST_CASE("no published line is ever seen half written") {
    Fixture f;
    tutti_region_clock& block = f.mapping.header().clock;
    std::atomic<bool> stop{false};
    // Every line says the same of media time, in other numbers: a mix of two would not.
    constexpr int64_t distance = 1'000'000'000;
    block.local_ns = 1;
    block.media_ns = 1 + distance;
    REQUIRE(
        f.clock.refresh(f.mapping)); // later it may find the writer inside every time, and keeps what it has
    std::thread writer([&] {
        uint64_t random = 1;
        while (!stop) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            const auto n = static_cast<int64_t>(random >> 16);
            const uint32_t sequence = block.sequence | 1U;
            __atomic_store_n(&block.sequence, sequence, __ATOMIC_RELAXED);
            __atomic_store_n(&block.local_ns, n, __ATOMIC_RELEASE);
            __atomic_store_n(&block.media_ns, n + distance, __ATOMIC_RELEASE);
            __atomic_store_n(&block.sequence, sequence + 1, __ATOMIC_RELEASE);
        }
    });
    int torn = 0;
    for (int i = 0; i < 200000; ++i) {
        f.clock.refresh(f.mapping);
        if (f.clock.media_ns_at(0) != distance)
            ++torn;
    }
    stop = true;
    writer.join();
    CHECK(torn == 0);
}

TEST_CASE("time runs on with the last line when the engine died while it wrote") {
    Fixture f(10e-6);
    REQUIRE(f.clock.refresh(f.mapping));
    const int64_t local = local_now_ns();
    const int64_t before = f.clock.index_at(local + ns_per_second);
    f.mapping.header().clock.sequence |= 1;
    f.mapping.header().clock.media_ns = 0;
    CHECK(f.clock.refresh(f.mapping));
    CHECK(f.clock.index_at(local + ns_per_second) == before);
    CHECK(f.clock.epoch() == 0);
}

TEST_CASE("a clock that was never published is no clock") {
    Fixture f;
    f.mapping.header().clock.sequence = 0;
    CHECK_FALSE(f.clock.refresh(f.mapping));
    CHECK_FALSE(f.clock.valid());
}

TEST_CASE("a line outside all reason is not taken") {
    Fixture f;
    REQUIRE(f.clock.refresh(f.mapping));
    const int64_t local = local_now_ns();
    const int64_t index = f.clock.index_at(local);
    tutti_region_clock& block = f.mapping.header().clock;
    SUBCASE("media time before 1970") {
        block.media_ns = -1;
    }
    SUBCASE("media time beyond the arithmetic") {
        block.media_ns = INT64_MAX;
    }
    SUBCASE("local time before the machine started") {
        block.local_ns = INT64_MIN;
    }
    SUBCASE("a rate that no clock has") {
        block.rate_deviation = 0.5;
    }
    SUBCASE("a rate that is no number") {
        block.rate_deviation = __builtin_nan("");
    }
    f.clock.refresh(f.mapping);
    CHECK(f.clock.index_at(local) == index);
    CHECK(f.clock.epoch() == 0);
}

TEST_CASE("a step of the timeline begins a new epoch, a correction does not") {
    Fixture f;
    REQUIRE(f.clock.refresh(f.mapping));
    tutti_region_clock& block = f.mapping.header().clock;
    block.media_ns += 900'000;
    f.clock.refresh(f.mapping);
    CHECK(f.clock.epoch() == 0);
    block.generation += 1;
    f.clock.refresh(f.mapping);
    CHECK(f.clock.epoch() == 1);
    block.media_ns -= 5'000'000; // a step that nobody announced
    f.clock.refresh(f.mapping);
    CHECK(f.clock.epoch() == 2);
}

} // namespace region_clock_test
