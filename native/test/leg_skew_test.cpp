#include "leg_skew.hpp"

#include <doctest/doctest.h>

using namespace tutti;

namespace leg_skew_test {

namespace {
constexpr int64_t ms = 1'000'000;

/// Packets of 1 ms by both legs, the second one later by `skew_ns` (or earlier).
void both(LegSkew& skew, int64_t begin_ns, uint32_t packets, int64_t skew_ns) {
    for (uint32_t i = 0; i < packets; ++i) {
        const auto sequence = static_cast<uint16_t>(begin_ns / ms + i);
        const int64_t at = begin_ns + i * ms;
        if (skew_ns >= 0) {
            skew.add(sequence, 0, at);
            skew.add(sequence, 1, at + skew_ns);
        } else {
            skew.add(sequence, 1, at + skew_ns);
            skew.add(sequence, 0, at);
        }
    }
}
} // namespace

TEST_CASE("the skew of two legs is positive when the second is the later one") {
    LegSkew later;
    both(later, 100 * ms, 100, 10 * ms);
    CHECK(later.largest() == 10 * ms);
    LegSkew earlier;
    both(earlier, 100 * ms, 100, -3 * ms);
    CHECK(earlier.largest() == -3 * ms);
}

TEST_CASE("the largest skew is forgotten within eight seconds, across wraps of the sequence number") {
    LegSkew skew;
    both(skew, 65'000 * ms, 1000, 40 * ms);
    both(skew, 66'000 * ms, 3000, 1 * ms);
    CHECK(skew.largest() == 40 * ms);
    both(skew, 69'000 * ms, 8000, 1 * ms);
    CHECK(skew.largest() == 1 * ms);
}

TEST_CASE("a leg alone, and a packet that comes twice by one leg, have no skew") {
    LegSkew skew;
    for (uint16_t i = 0; i < 5000; ++i) {
        skew.add(i, 0, i * ms);
        skew.add(i, 0, i * ms + 1);
    }
    CHECK(skew.largest() == 0);
}

TEST_CASE("a copy from another round of the sequence numbers is not taken for one of this") {
    LegSkew skew;
    skew.add(7, 0, 0);
    skew.add(7, 1, 65'536 * ms);
    CHECK(skew.largest() == 0);
}

} // namespace leg_skew_test
