#include "arrival_bins.hpp"
#include "margin_meter.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace tutti;

namespace arrival_bins_test {

TEST_CASE("delays are counted in bins of a sixteenth of an octave, the ends in bins of their own") {
    CHECK(ArrivalBins::of(-1'000'000) == 0);
    CHECK(ArrivalBins::of(16'383) == 0);
    CHECK(ArrivalBins::of(16'384) == 1);
    CHECK(ArrivalBins::of(17'408) == 2); // one sixteenth above
    CHECK(ArrivalBins::of(32'767) == 16);
    CHECK(ArrivalBins::of(32'768) == 17);
    CHECK(ArrivalBins::of(1'000'000) == 1 + 5 * 16 + 14); // 2^19 * (1 + 14/16) = 983,040 ns and on
    CHECK(ArrivalBins::of((int64_t{1} << 29) - 1) == ArrivalBins::count - 2);
    CHECK(ArrivalBins::of(int64_t{1} << 29) == ArrivalBins::count - 1);
    CHECK(ArrivalBins::of(INT64_MAX) == ArrivalBins::count - 1);
}

TEST_CASE("longer delays never fall into earlier bins") {
    uint32_t before = 0;
    for (int64_t delay = 1; delay < (int64_t{1} << 30); delay += 1 + delay / 100) {
        const uint32_t bin = ArrivalBins::of(delay);
        CHECK(bin >= before);
        CHECK(bin <= before + 1);
        before = bin;
    }
}

TEST_CASE("every packet is counted where it came, whatever the margin") {
    std::vector<uint64_t> words(arrival_words_at + ArrivalBins::count);
    MarginMeter meter{TelemetrySlot<ReceiverField>(words.data())};
    for (int i = 0; i < 3; ++i)
        meter.note(2'000'000, 1'000'000);
    meter.note(-5'000'000, 8'000'000);
    CHECK(words[arrival_words_at + ArrivalBins::of(1'000'000)] == 3);
    CHECK(words[arrival_words_at + ArrivalBins::of(8'000'000)] == 1);
}

} // namespace arrival_bins_test
