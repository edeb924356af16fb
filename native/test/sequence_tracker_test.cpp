#include "sequence_tracker.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace tutti;

namespace sequence_tracker_test {

namespace {

struct Totals {
    uint32_t lost = 0;
    uint32_t duplicate = 0;
    uint32_t reordered = 0;
    uint32_t restarted = 0;
};

Totals run(SequenceTracker& tracker, const std::vector<uint16_t>& numbers) {
    Totals totals;
    for (const uint16_t number : numbers) {
        const SequenceVerdict verdict = tracker.add(number);
        totals.lost += verdict.lost;
        totals.duplicate += verdict.duplicate;
        totals.reordered += verdict.reordered;
        totals.restarted += verdict.restarted;
    }
    return totals;
}

std::vector<uint16_t> count(uint32_t from, uint32_t packets) {
    std::vector<uint16_t> numbers;
    for (uint32_t i = 0; i < packets; ++i)
        numbers.push_back(static_cast<uint16_t>(from + i));
    return numbers;
}

} // namespace

TEST_CASE("a stream without faults counts nothing, across many wraps of the sequence number") {
    SequenceTracker tracker;
    const Totals totals = run(tracker, count(65000, 300000));
    CHECK_EQ(totals.lost + totals.duplicate + totals.reordered + totals.restarted, 0);
}

TEST_CASE("a packet that never comes counts as lost once the window has passed it") {
    SequenceTracker tracker;
    CHECK_EQ(run(tracker, count(65530, 5)).lost, 0);
    CHECK_EQ(run(tracker, count(65536 + 2, SequenceTracker::window)).lost, 3); // 65535, 0, 1 are missing
}

TEST_CASE("a late packet counts as reordered and not as lost") {
    SequenceTracker tracker;
    const Totals totals = run(tracker, {10, 11, 13, 12, 14});
    CHECK_EQ(totals.reordered, 1);
    CHECK_EQ(run(tracker, count(15, 600)).lost, 0);
}

TEST_CASE("the second copy of ST 2022-7 counts as duplicate") {
    SequenceTracker tracker;
    std::vector<uint16_t> both;
    for (uint16_t i = 0; i < 1000; ++i)
        both.insert(both.end(), {i, i});
    const Totals totals = run(tracker, both);
    CHECK_EQ(totals.duplicate, 1000);
    CHECK_EQ(totals.lost + totals.reordered, 0);
}

TEST_CASE("a second leg that lags by half a second, in bursts, brings duplicates and nothing else") {
    SequenceTracker tracker(SequenceTracker::long_window);
    constexpr uint16_t lag = 2000;
    run(tracker, count(60000, lag));
    Totals totals;
    for (uint32_t burst = 0; burst < 10'000; burst += 10) {
        for (const uint32_t from : {60000 + lag + burst, 60000 + burst}) {
            const Totals part = run(tracker, count(from, 10));
            totals.duplicate += part.duplicate;
            totals.lost += part.lost + part.reordered + part.restarted;
        }
    }
    CHECK_EQ(totals.duplicate, 10'000);
    CHECK_EQ(totals.lost, 0);
}

TEST_CASE("a second leg that lags by more than the window, or one stray number, disturbs nothing") {
    SequenceTracker tracker;
    run(tracker, count(1000, 600));
    std::vector<uint16_t> mixed;
    for (uint16_t i = 0; i < 1000; ++i)
        mixed.insert(mixed.end(), {static_cast<uint16_t>(1600 + i), static_cast<uint16_t>(1250 + i)});
    const Totals totals = run(tracker, mixed);
    CHECK_EQ(totals.restarted + totals.lost, 0);
    CHECK_EQ(run(tracker, {40000, 2600, 2601}).restarted, 0);
}

TEST_CASE("a jump of the numbers begins anew and is no loss") {
    SequenceTracker tracker;
    run(tracker, count(100, 50));
    const Totals totals = run(tracker, count(40000, 600));
    CHECK_EQ(totals.restarted, 1);
    CHECK_EQ(totals.lost, 0);
}

} // namespace sequence_tracker_test
