#include "holdup_meter.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace tutti;

namespace holdup_meter_test {

constexpr int64_t ms = 1'000'000;

struct Metered {
    std::array<uint64_t, engine_fields.size()> words{};
    TelemetrySlot<EngineField> telemetry{words.data()};
    HoldupMeter meter{telemetry};

    /// @returns what is told after a cycle that began so late, ms.
    uint64_t note(int64_t late_ms, int64_t at_ms) {
        meter.note(late_ms * ms, at_ms * ms);
        return telemetry.get(EngineField::held_up_ns) / ms;
    }
};

TEST_CASE("the longest time that the engine was held up is told at once, and for ten seconds") {
    Metered metered;
    const int64_t begin = 86'400'000;
    CHECK(metered.note(0, begin) == 0);
    CHECK(metered.note(36, begin + 500) == 36);
    CHECK(metered.note(4, begin + 600) == 36);
    for (int64_t at = begin + 601; at < begin + 10'000; ++at)
        CHECK(metered.note(0, at) == 36);
    CHECK(metered.note(0, begin + 10'000) == 0);
}

TEST_CASE("what was held up for longer than is remembered tells of nothing before") {
    Metered metered;
    metered.note(36, 1000);
    CHECK(metered.note(20'000, 21'000) == 20'000);
    CHECK(metered.note(1, 30'999) == 20'000);
    CHECK(metered.note(1, 31'000) == 1);
}

} // namespace holdup_meter_test
