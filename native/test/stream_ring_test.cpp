#include "foreign_stream.hpp"
#include "stream_ring.hpp"

#include <doctest/doctest.h>

using namespace tutti;

namespace stream_ring_test {
using Verdict = StreamRing::Verdict;

namespace {

constexpr uint32_t frames = 4;

/// A packet of one channel whose frames carry their position.
std::vector<uint8_t> packet_at(int64_t position) {
    std::vector<uint8_t> wire;
    for (int64_t p = position; p < position + frames; ++p) {
        wire.push_back(static_cast<uint8_t>(p >> 16));
        wire.push_back(static_cast<uint8_t>(p >> 8));
        wire.push_back(static_cast<uint8_t>(p));
    }
    return wire;
}

Verdict put(StreamRing& ring, int64_t position) {
    return ring.put(packet_at(position).data(), frames, position, test::plain_l24());
}

float value(int64_t position) {
    return static_cast<float>(position) / 8388608.0f;
}

} // namespace

TEST_CASE("packets that come in any order are read in theirs") {
    StreamRing ring(1, 32);
    ring.restart(1000);
    CHECK(put(ring, 1008) == Verdict::whole);
    CHECK_EQ(ring.complete(), 0);
    CHECK(put(ring, 1000) == Verdict::whole);
    CHECK_EQ(ring.complete(), 4);
    CHECK(put(ring, 1004) == Verdict::whole);
    CHECK_EQ(ring.complete(), 12);
    for (int64_t p = 1000; p < 1012; ++p) {
        CHECK_EQ(*ring.next(), value(p));
        CHECK_EQ(ring.pass(1), 0);
    }
}

TEST_CASE("what never came is silence and is counted, whatever was there a turn of the ring before") {
    StreamRing ring(1, 16);
    ring.restart(0);
    uint32_t missing = 0;
    for (int64_t position = 0; position < 400; position += frames) {
        const bool lost = position % 12 == 0;
        if (!lost)
            put(ring, position);
        for (int64_t p = position; p < position + frames; ++p) {
            REQUIRE_EQ(*ring.next(), lost ? 0.0f : value(p));
            missing += ring.pass(1);
        }
    }
    CHECK_EQ(missing, 34 * frames);
}

TEST_CASE("what was read already is late, what does not fit is early and not taken") {
    StreamRing ring(1, 16);
    ring.restart(100);
    CHECK(put(ring, 96) == Verdict::late);
    CHECK(put(ring, 98) == Verdict::late);
    CHECK_EQ(*ring.next(), value(100)); // the part that is not
    CHECK(put(ring, 114) == Verdict::early);
    CHECK(put(ring, 112) == Verdict::whole);
    CHECK_EQ(ring.end(), 116);
    ring.skip_to(112);
    CHECK_EQ(ring.complete(), 4);
    ring.restart(5000);
    CHECK_EQ(ring.complete(), 0);
    CHECK_EQ(*ring.next(), 0.0f);
}

} // namespace stream_ring_test
