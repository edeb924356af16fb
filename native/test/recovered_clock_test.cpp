#include "random.hpp"
#include "recovered_clock.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace tutti;

namespace recovered_clock_test {
using Event = RecoveredClock::Event;

namespace {

constexpr int64_t packet_ns = 1'000'000;

/// A sender whose packets' ends lie a packet apart on its own clock.
struct Sender {
    double deviation = 3e-4;
    int64_t packet = 0;
    int64_t delay_ns = 0; ///< added to what the network takes at least
    int64_t slip_ns = 0;  ///< added to the stream's time

    [[nodiscard]] int64_t sent_ns() const {
        return 1'760'000'000'000'000'000 +
               static_cast<int64_t>(static_cast<double>(packet * packet_ns) / (1 + deviation));
    }
    Event next(RecoveredClock& clock, int64_t jitter_ns = 0) {
        ++packet;
        return clock.add(packet * packet_ns + slip_ns, sent_ns() + 100'000 + delay_ns + jitter_ns);
    }
};

/// Beyond the least delay that packets really had, ns.
double error_of(const RecoveredClock& clock, const Sender& sender) {
    const RecoveredClock::Delay delay = clock.delay_at(sender.sent_ns());
    const int64_t truth =
        sender.sent_ns() + 100'000 + sender.delay_ns - sender.packet * packet_ns - sender.slip_ns;
    return static_cast<double>(delay.whole - truth) + delay.rest;
}

} // namespace

TEST_CASE("a sender's clock is known to microseconds after a second and to a few parts in a thousand million "
          "after a minute") {
    for (const double deviation : {3e-4, -3e-4, 0.0, 9e-4}) {
        CAPTURE(deviation);
        test::Random random(3);
        RecoveredClock clock;
        Sender sender{deviation};
        for (int i = 0; i < 1000; ++i)
            sender.next(clock, random.below(500'000));
        REQUIRE(clock.anchored());
        CHECK(std::fabs(error_of(clock, sender)) < 50'000);
        for (int i = 0; i < 59'000; ++i)
            sender.next(clock, random.below(500'000));
        CHECK(std::fabs(error_of(clock, sender)) < 2'000);
        CHECK(std::fabs(clock.deviation() / (1 - clock.deviation()) - deviation) <
              2e-8 + deviation * deviation);
    }
}

TEST_CASE("stalls that spoil a third of all that is remembered do not move it") {
    test::Random random(4);
    RecoveredClock clock;
    Sender sender;
    for (int i = 0; i < 60'000; ++i)
        sender.next(clock, random.below(200'000));
    for (int i = 0; i < 60'000; ++i) {
        const bool stalled = i % 9000 < 3000; // for three seconds every packet is late by 4 ms and more
        sender.next(clock, random.below(200'000) + (stalled ? 4'000'000 + random.below(5'000'000) : 0));
        if (i % 100 == 0)
            REQUIRE(std::fabs(error_of(clock, sender)) < 20'000);
    }
}

TEST_CASE(
    "another delay for good is taken over: at once when packets come sooner, in ten seconds when later") {
    RecoveredClock clock;
    Sender sender;
    for (int i = 0; i < 20'000; ++i)
        sender.next(clock);
    const auto packets_to_shift = [&] {
        for (int i = 0; i < 20'000; ++i) {
            if (sender.next(clock) == Event::shifted)
                return i;
        }
        return -1;
    };
    sender.delay_ns = 3'000'000;
    const int later = packets_to_shift();
    CHECK(later >= 9'000);
    CHECK(later <= 12'000);
    CHECK(std::fabs(error_of(clock, sender)) < 1'000);
    for (int i = 0; i < 5'000; ++i)
        sender.next(clock);
    sender.delay_ns = 0;
    const int sooner = packets_to_shift();
    CHECK(sooner >= 500);
    CHECK(sooner <= 2'000);
    CHECK(std::fabs(error_of(clock, sender)) < 1'000);
    CHECK(std::fabs(clock.deviation() - 3e-4) < 1e-6); // how fast the sender runs is not forgotten
}

TEST_CASE("an odd timestamp is a stray, three that agree are a jump") {
    RecoveredClock clock;
    Sender sender;
    for (int i = 0; i < 5'000; ++i)
        sender.next(clock);
    sender.slip_ns = 5'000'000'000;
    CHECK(sender.next(clock) == Event::stray);
    CHECK(sender.next(clock) == Event::stray);
    sender.slip_ns = 0;
    CHECK(sender.next(clock) == Event::none);
    sender.slip_ns = 5'000'000'000;
    CHECK(sender.next(clock) == Event::stray);
    CHECK(sender.next(clock) == Event::stray);
    CHECK(sender.next(clock) == Event::jumped);
    CHECK_FALSE(clock.anchored());
    for (int i = 0; i < 500; ++i)
        sender.next(clock);
    CHECK(clock.anchored());
    CHECK(std::fabs(error_of(clock, sender)) < 10'000);
}

} // namespace recovered_clock_test
