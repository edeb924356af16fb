#include "ptp/card_stamps.hpp"

#include <doctest/doctest.h>

using namespace tutti::aes67;
using namespace tutti::aes67::ptp;

namespace card_stamps_test {

namespace {

constexpr int64_t us = 1'000;
// The card counts from another day; it was read at local 5 s, to the microsecond.
constexpr ClockPair now = {5'000'000'000, 777'000'000'000, us};

std::optional<int64_t> local(int64_t age_ns, int64_t earliest_ns = 0, int64_t latest_ns = now.local_ns) {
    return CardStamps::to_local(now.wall_ns - age_ns, now, earliest_ns, latest_ns);
}

} // namespace

TEST_CASE("Card stamps: a stamp is as old by local time as it is by the card's clock, read after it") {
    CHECK(local(0) == now.local_ns);
    CHECK(local(150 * us) == now.local_ns - 150 * us);
    CHECK(local(-us / 2, 0, INT64_MAX)); // within the reading's own error
}

TEST_CASE(
    "Card stamps: one from the future, an old one, and one that the kernel's times contradict are none") {
    CHECK_FALSE(local(-2 * us, 0, INT64_MAX));
    CHECK_FALSE(local(CardStamps::most_age_ns + 1));
    CHECK_FALSE(local(-37'000'000'000, 0, INT64_MAX)); // somebody set the card's clock between the two
    CHECK_FALSE(local(150 * us, now.local_ns - 100 * us));
    CHECK_FALSE(local(150 * us, 0, now.local_ns - 200 * us));
}

TEST_CASE("Card stamps: one that is only old is not used, and does not speak against the card") {
    const auto fits = [](int64_t age_ns, int64_t kernel_age_ns) {
        const int64_t kernel_ns = now.local_ns - kernel_age_ns;
        return CardStamps::fits(now.wall_ns - age_ns, now, kernel_ns - 100 * us, kernel_ns + 20 * us);
    };
    CHECK(fits(150 * us, 140 * us));
    CHECK(fits(300'000 * us, 300'000 * us));
    CHECK(fits(300'000 * us, 300'040 * us));       // 100 ppm
    CHECK_FALSE(fits(300'000 * us, 150 * us));     // it was set between the two
    CHECK_FALSE(fits(-37'000'000 * us, 150 * us)); // in the future
}

TEST_CASE("PTP interface: a cable that is plugged in again opens it anew, one that is pulled does not") {
    const Interface in = {"eth0", 2, 0x0100000A, {2, 0, 0, 0, 0, 1}, true};
    Interface out = in;
    out.has_carrier = false;
    Interface moved = in;
    moved.address = 0x0200000A;
    CHECK(should_reopen(std::nullopt, in));
    CHECK_FALSE(should_reopen(in, in));
    CHECK_FALSE(should_reopen(in, out));
    CHECK_FALSE(should_reopen(out, out));
    CHECK(should_reopen(out, in));
    CHECK(should_reopen(in, moved));
    moved.has_carrier = false;
    CHECK(should_reopen(in, moved));
}

TEST_CASE("Card stamps: an interface without such a card says why") {
    CardStamps stamps;
    CHECK(stamps.open({"lo", 1, 0, {}}) == "the network card has no clock");
    CHECK(stamps.open({"nowhere0", 99, 0, {}}) == "the network card has no clock");
    CHECK_FALSE(stamps.is_open());
    CHECK_FALSE(stamps.has_failed());
    for (int i = 0; i < CardStamps::most_misfits; ++i)
        CHECK_FALSE(stamps.to_local(1, 0, 1)); // a clock that does not answer
    CHECK(stamps.has_failed());
}

} // namespace card_stamps_test
