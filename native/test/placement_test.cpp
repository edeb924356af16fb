#include "placement.hpp"
#include "random.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace tutti;

namespace placement_test {

namespace {
constexpr uint32_t rate = 48000;
constexpr uint32_t frames = 48;
constexpr uint32_t link_offset = 960;         // 20 ms
constexpr int64_t start = 81'600'000'000'000; // about today, in samples
} // namespace

TEST_CASE("a stream that shares our clock lies where its timestamps say, whatever its arrival") {
    test::Random random(5);
    for (int i = 0; i < 100000; ++i) {
        const auto offset = static_cast<uint32_t>(random.next());
        Placement placement = Placement::shared(offset, rate);
        const int64_t index = start + random.below(int64_t{1} << 33);
        const int64_t arrival = index + random.below(2 * rate) - rate;
        const auto result =
            placement.place(static_cast<uint32_t>(index) + offset, frames, arrival, link_offset);
        CHECK(result.placed);
        CHECK_EQ(result.index, index);
    }
}

TEST_CASE("a foreign stream is anchored on its least delayed packet and then never moves") {
    test::Random random(6);
    Placement placement = Placement::arrival(rate);
    const uint32_t first = 0xFFFFF000; // wraps after a few packets
    std::set<int64_t> distances;
    for (int64_t i = 0; i < 20000; ++i) {
        const int64_t sent = start + (i + 1) * frames;
        const int64_t arrival = sent + 5 + random.below(400); // up to 8 ms of jitter
        const auto timestamp = static_cast<uint32_t>(first + i * frames);
        const auto result = placement.place(timestamp, frames, arrival, link_offset);
        CHECK_FALSE(result.reanchored);
        if (result.placed)
            distances.insert(result.index - (start + i * frames));
    }
    REQUIRE_EQ(distances.size(), 1);
    CHECK_GE(*distances.begin(), 5);
    CHECK_LT(*distances.begin(), 60); // the best of about fifty packets
}

TEST_CASE("a foreign stream is anchored anew when it stays late, and only then") {
    Placement placement = Placement::arrival(rate);
    int64_t delay = 0;
    int reanchored = 0;
    uint32_t timestamp = 0;
    const auto play = [&](int packets) {
        for (int i = 0; i < packets; ++i, timestamp += frames) {
            const int64_t arrival = start + static_cast<int64_t>(timestamp) + frames + delay;
            if (placement.place(timestamp, frames, arrival, link_offset).reanchored)
                ++reanchored;
        }
    };
    play(200);
    delay = link_offset + 10;
    play(5); // a short hiccup is late, not lost
    delay = 0;
    play(200);
    CHECK_EQ(reanchored, 0);
    delay = link_offset + 10;
    play(200);
    CHECK_EQ(reanchored, 1);
}

TEST_CASE("a foreign stream whose packets come far too early for a second is anchored anew") {
    Placement placement = Placement::arrival(rate);
    int reanchored = 0;
    for (uint32_t i = 0; i < 3000; ++i) {
        const int64_t head_start = i < 100 ? 0 : 2 * link_offset + 800;
        const int64_t arrival = start + static_cast<int64_t>(i) * frames + frames - head_start;
        if (placement.place(i * frames, frames, arrival, link_offset).reanchored)
            ++reanchored;
    }
    CHECK_EQ(reanchored, 1);
}

TEST_CASE("a jump of the timestamps is followed at once") {
    Placement placement = Placement::arrival(rate);
    for (uint32_t i = 0; i < 100; ++i)
        placement.place(i * frames, frames, start + i * frames, link_offset);
    CHECK(placement.place(0x40000000, frames, start + 100 * frames, link_offset).reanchored);
}

} // namespace placement_test
