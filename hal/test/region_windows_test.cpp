#include "client/region_mapping.hpp"
#include "client/region_reader.hpp"
#include "client/region_writer.hpp"

#include "region_keeper.hpp"
#include "scratch.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace tutti::hal;
using namespace tutti::hal::test;

namespace region_windows_test {

namespace {

constexpr int64_t ring = 32768;
constexpr int64_t base = 1'000'000; // some index in the life of a region

/// A region that nobody moves: the tests set its windows.
struct Fixture {
    Fixture() : keeper(options()) {
        REQUIRE_FALSE(mapping.open(scratch_path("windows")));
        for (int64_t n = base; n < base + ring; ++n) {
            for (int channel = 0; channel < 4; ++channel)
                keeper.input(n)[channel] = value(n, channel);
        }
        keeper.header().input_horizon = base + ring;
        keeper.header().output_floor = base;
    }
    static KeeperOptions options() {
        KeeperOptions options;
        options.path = scratch_path("windows");
        options.inputs = options.outputs = 4;
        return options;
    }
    static float value(int64_t n, int channel) { return static_cast<float>((n - base) * 4 + channel + 1); }
    RegionKeeper keeper;
    RegionMapping mapping;
};

} // namespace

TEST_CASE("inputs read back as they were written, across the end of the ring") {
    Fixture f;
    const RegionReader reader(f.mapping);
    const int64_t at = (base / ring + 1) * ring - 100; // 100 frames before the memory wraps
    std::vector<float> read(200 * 2);
    const auto result = reader.read(at, 200, 1, 2, base + ring, read.data());
    CHECK(result.lost == 0);
    CHECK(result.silent == 0);
    for (int64_t i = 0; i < 200; ++i) {
        REQUIRE(read[i * 2] == Fixture::value(at + i, 1));
        REQUIRE(read[i * 2 + 1] == Fixture::value(at + i, 2));
    }
}

TEST_CASE("what lies outside the readable window is silence") {
    Fixture f;
    const RegionReader reader(f.mapping);
    std::vector<float> read(100 * 4, 9.0F);
    SUBCASE("later than now") {
        const auto result = reader.read(base + 1000, 100, 0, 4, base + 1050, read.data());
        CHECK(result.lost == 0);
        CHECK(result.silent == 50);
        CHECK(read[49 * 4] == Fixture::value(base + 1049, 0));
        for (int i = 50 * 4; i < 100 * 4; ++i)
            REQUIRE(read[i] == 0);
    }
    SUBCASE("beyond the horizon of an engine that is gone") {
        const auto result = reader.read(base + ring - 30, 100, 0, 4, base + 2 * ring, read.data());
        CHECK(result.silent == 70);
        CHECK(read[29 * 4] == Fixture::value(base + ring - 1, 0));
        for (int i = 30 * 4; i < 100 * 4; ++i)
            REQUIRE(read[i] == 0);
    }
    SUBCASE("older than the ring") {
        const auto result = reader.read(base - 40, 100, 0, 4, base + ring, read.data());
        CHECK(result.lost == 40);
        CHECK(result.silent == 0);
        for (int i = 0; i < 40 * 4; ++i)
            REQUIRE(read[i] == 0);
        CHECK(read[40 * 4] == Fixture::value(base, 0));
    }
    SUBCASE("wholly outside") {
        CHECK(reader.read(base - 5000, 100, 0, 4, base + ring, read.data()).lost == 100);
        for (const float sample : read)
            REQUIRE(sample == 0);
        CHECK(reader.read(base + 3 * ring, 100, 0, 4, base + 4 * ring, read.data()).silent == 100);
        for (const float sample : read)
            REQUIRE(sample == 0);
    }
    SUBCASE("channels that the device does not have") {
        reader.read(base + 10, 100, 2, 4, base + ring, read.data());
        CHECK(read[1] == Fixture::value(base + 10, 3));
        CHECK(read[2] == 0);
        CHECK(read[3] == 0);
    }
}

TEST_CASE("outputs are written only inside the writable window, and only in their channels") {
    Fixture f;
    const RegionWriter writer(f.mapping);
    std::vector<float> samples(100 * 2, 0.25F);
    SUBCASE("inside, across the end of the ring") {
        const int64_t at = (base / ring + 1) * ring - 50;
        CHECK(writer.write(at, 100, 1, 2, samples.data()) == 0);
        for (int64_t n = at; n < at + 100; ++n) {
            const float* frame = f.keeper.output(n);
            REQUIRE(frame[0] == 0);
            REQUIRE(frame[1] == 0.25F);
            REQUIRE(frame[2] == 0.25F);
            REQUIRE(frame[3] == 0);
        }
        writer.clear(at, 100, 1, 1);
        CHECK(f.keeper.output(at + 99)[1] == 0);
        CHECK(f.keeper.output(at + 99)[2] == 0.25F);
    }
    SUBCASE("too late") {
        CHECK(writer.write(base - 60, 100, 0, 2, samples.data()) == 60);
        CHECK(f.keeper.output(base - 1)[0] == 0);
        CHECK(f.keeper.output(base)[0] == 0.25F);
    }
    SUBCASE("too early") {
        CHECK(writer.write(base + ring - 10, 100, 0, 2, samples.data()) == 90);
        CHECK(f.keeper.output(base + ring - 1)[0] == 0.25F);
        CHECK(f.keeper.output(base)[0] == 0); // the slot after it belongs to the frame that is sent next
    }
    SUBCASE("wholly outside") {
        CHECK(writer.write(base + 5 * ring, 100, 0, 2, samples.data()) == 100);
    }
}

} // namespace region_windows_test
