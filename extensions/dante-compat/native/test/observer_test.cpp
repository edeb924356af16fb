// The observer in a Dante-like network of virtual time: lock, holdover, changes of leader.
#include <doctest/doctest.h>

#include <algorithm>

#include "simulation.hpp"
#include "v1_writer.hpp"

using namespace tutti::dante_compat;
using namespace tutti::dante_compat::test;

namespace observer_test {

namespace {

constexpr int64_t tai = 1'790'000'000 * second;
constexpr int64_t boot_time = 699 * second;

Simulation::Options quiet(double quartz = 30e-6, uint32_t seed = 1) {
    Simulation::Options options;
    options.quartz = quartz;
    options.media_ns = tai;
    options.seed = seed;
    return options;
}

// Locked to a leader and settled.
struct Settled {
    Simulation network;
    SimulatedLeader& first;
    explicit Settled(const Simulation::Options& options = quiet())
        : network(options), first(network.add(dante_leader(1, boot_time))) {
        REQUIRE(network.run_until(tutti_clock_locked, 20 * second));
        network.run(30 * second);
        network.truth = &first;
    }
    uint64_t generation() { return network.observer().servo().generation(); }
    tutti_clock_state state() { return network.observer().servo().state(); }
};

} // namespace

TEST_CASE("PTPv1 observer: it locks within 5 s at 4 Sync a second, whatever the quartz") {
    int64_t longest = 0;
    int64_t furthest = 0;
    for (uint32_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        Simulation network(quiet((static_cast<double>(seed) - 20.5) * 5e-6, seed));
        network.truth = &network.add(dante_leader(1, boot_time));
        const auto took = network.run_until(tutti_clock_locked, 10 * second);
        REQUIRE(took);
        longest = std::max(longest, *took);
        network.run(20 * second);
        furthest = std::max(furthest, network.furthest_ns);
        CHECK(network.observer().servo().generation() == 2);
        CHECK(network.worst_discontinuity_ns <= 2);
        CHECK(network.worst_claim_excess_ns <= 0);
    }
    MESSAGE("longest time to lock " << longest / ms << " ms, worst error after it " << furthest << " ns");
    CHECK(longest < 5 * second);
    CHECK(furthest < 100 * us);
}

TEST_CASE("PTPv1 observer: an hour with bursts, loss and a wandering quartz keeps within what it claims") {
    Simulation::Options options = quiet();
    options.walk = 20e-9;
    options.path = {.typical_extra_ns = 8'000, .burst_probability = 0.1, .burst_ns = 800 * us, .loss = 0.05};
    Settled settled(options);
    settled.network.run(3600 * second);
    MESSAGE("worst error " << settled.network.furthest_ns << " ns, path delay included");
    CHECK(settled.state() == tutti_clock_locked);
    CHECK(settled.network.furthest_ns < 100 * us);
    CHECK(settled.network.worst_claim_excess_ns <= 0);
    CHECK(settled.network.worst_discontinuity_ns <= 2);
    CHECK(settled.generation() == 2);
}

TEST_CASE(
    "PTPv1 observer: media time is late by the path delay, which it claims as error; told it, it is not") {
    Simulation::Options options = quiet();
    options.path.least_ns = 70 * us;
    Settled unknown(options);
    CHECK(unknown.network.behind_ns(unknown.first) == doctest::Approx(70 * us).epsilon(0.1));
    CHECK(unknown.network.observer().error_ns() >= 100 * us);
    options.observer.path_delay_ns = 70 * us;
    Settled known(options);
    CHECK(std::abs(known.network.behind_ns(known.first)) < 5 * us);
    CHECK(known.network.observer().error_ns() < 20 * us);
}

TEST_CASE("PTPv1 observer: before it locks, media time is the line it was given, and says so") {
    Simulation network(quiet());
    network.run(second);
    tutti_clock_relation relation = network.observer().relation();
    CHECK(relation.state == tutti_clock_listening);
    CHECK(relation.error_ns == -1);
    CHECK(relation.has_grandmaster == 0);
    CHECK(relation.generation == 1);
    CHECK(relation.media_ns - (relation.local_ns - 1'000'000'000'000) == tai);
    network.add(dante_leader(7, boot_time));
    REQUIRE(network.run_until(tutti_clock_calibrating, 2 * second));
    CHECK(network.observer().relation().has_grandmaster == 0);
    REQUIRE(network.run_until(tutti_clock_locked, 10 * second));
    relation = network.observer().relation();
    CHECK(relation.generation == 2);
    CHECK(relation.has_grandmaster == 1);
    CHECK(relation.grandmaster[0] == 0);
    CHECK(relation.grandmaster[3] == 0xFF);
    CHECK(relation.grandmaster[4] == 0xFE);
    CHECK(relation.grandmaster[7] == 7);
}

TEST_CASE(
    "PTPv1 observer: one-step leaders, Follow_Ups that are read first and slow Syncs are followed, too") {
    for (const int8_t log_interval : {-4, -2, 0, 1}) {
        for (const int kind : {0, 1, 2}) {
            CAPTURE(int{log_interval});
            CAPTURE(kind);
            Simulation network(quiet());
            SimulatedLeader leader = dante_leader(1, boot_time);
            leader.dataset.log_interval = log_interval;
            leader.two_step = kind != 0;
            leader.follow_up_first = kind == 2;
            network.truth = &network.add(leader);
            CHECK(network.run_until(tutti_clock_locked, 40 * second));
            network.run(60 * second);
            CHECK(network.furthest_ns < 200 * us);
            CHECK(network.observer().servo().state() == tutti_clock_locked);
        }
    }
}

TEST_CASE("PTPv1 observer: a leader that falls silent is held over, and found again without a step") {
    Settled settled;
    settled.first.syncs = false;
    const auto took = settled.network.run_until(tutti_clock_holdover, 5 * second);
    REQUIRE(took);
    CHECK(*took < 2 * second);
    CHECK_FALSE(settled.network.observer().followed());
    const int64_t claimed = settled.network.observer().error_ns();
    settled.network.run(60 * second);
    CHECK(settled.state() == tutti_clock_holdover);
    CHECK(settled.network.observer().error_ns() > claimed);
    CHECK(std::abs(settled.network.behind_ns(settled.first)) <= settled.network.observer().error_ns());
    settled.first.syncs = true;
    REQUIRE(settled.network.run_until(tutti_clock_locked, 5 * second));
    settled.network.run(20 * second);
    CHECK(settled.generation() == 2);
    CHECK(settled.network.worst_discontinuity_ns <= 2);
    CHECK(settled.network.observer().status(settled.network.local()).counters.leader_changes == 0);
}

TEST_CASE("PTPv1 observer: 200 lost Syncs in a row are held over") {
    Settled settled;
    settled.network.path().loss = 1;
    settled.network.run(50 * second);
    CHECK(settled.state() == tutti_clock_holdover);
    settled.network.path().loss = 0;
    REQUIRE(settled.network.run_until(tutti_clock_locked, 5 * second));
    CHECK(settled.generation() == 2);
    settled.network.run(10 * second);
    CHECK(std::abs(settled.network.behind_ns(settled.first)) < 50 * us);
}

TEST_CASE("PTPv1 observer: a new leader that goes on with the old one's time is followed without a step") {
    Settled settled;
    settled.first.syncs = false;
    settled.network.run(300 * ms); // an election
    SimulatedLeader& next = settled.network.add(dante_leader(2, boot_time + 3 * us));
    settled.network.run(second);
    settled.network.truth = &next;
    REQUIRE(settled.network.run_until(tutti_clock_locked, 6 * second));
    settled.network.run(20 * second);
    CHECK(settled.generation() == 2);
    CHECK(settled.network.worst_discontinuity_ns <= 2);
    CHECK(settled.network.observer().relation().grandmaster[7] == 2);
    CHECK(settled.network.observer().status(settled.network.local()).counters.leader_changes == 1);
}

TEST_CASE("PTPv1 observer: a new leader that counts from its own boot is one declared step") {
    Settled settled;
    settled.network.truth = nullptr;
    settled.first.syncs = false;
    SimulatedLeader& next = settled.network.add(dante_leader(2, 31 * second));
    REQUIRE(settled.network.run_until(tutti_clock_holdover, 3 * second));
    REQUIRE(settled.network.run_until(tutti_clock_locked, 6 * second));
    settled.network.truth = &next;
    settled.network.run(20 * second);
    CHECK(settled.generation() == 3);
    CHECK(settled.network.worst_discontinuity_ns <= 2);
    CHECK(settled.network.furthest_ns < 100 * us);
    const ObserverStatus status = settled.network.observer().status(settled.network.local());
    CHECK(status.steps == 2);
    CHECK(status.last_step_ns < -600 * second);
}

TEST_CASE("PTPv1 observer: a leader that sets its own clock is followed by one declared step") {
    Settled settled;
    settled.first.time_ns += 5 * second;
    settled.network.truth = nullptr;
    settled.network.run(10 * second);
    CHECK(settled.state() == tutti_clock_locked);
    CHECK(settled.generation() == 3);
    CHECK(std::abs(settled.network.behind_ns(settled.first)) < 100 * us);
}

TEST_CASE("PTPv1 observer: a second leader beside the followed one is listed and not followed") {
    Settled settled;
    SimulatedLeader rival = dante_leader(0, 5 * second);
    rival.dataset.preferred = true;
    settled.network.add(rival);
    SimulatedLeader elsewhere = dante_leader(3, 0);
    elsewhere.subdomain = "_ALT1";
    settled.network.add(elsewhere);
    settled.network.run(20 * second);
    CHECK(settled.state() == tutti_clock_locked);
    CHECK(settled.generation() == 2);
    CHECK(settled.network.furthest_ns < 100 * us);
    const ObserverStatus status = settled.network.observer().status(settled.network.local());
    CHECK(status.leaders.size() == 3);
    REQUIRE(status.followed);
    CHECK(bool{status.followed->id == settled.first.id});
    CHECK(status.sync_rate == doctest::Approx(8).epsilon(0.1));
}

TEST_CASE("PTPv1 observer: only the subdomain that was asked for is followed") {
    Simulation::Options options = quiet();
    options.observer.subdomain = 2;
    Simulation network(options);
    network.add(dante_leader(1, boot_time));
    CHECK_FALSE(network.run_until(tutti_clock_calibrating, 5 * second));
    SimulatedLeader wanted = dante_leader(2, boot_time);
    wanted.subdomain = "_ALT2";
    network.add(wanted);
    REQUIRE(network.run_until(tutti_clock_locked, 10 * second));
    CHECK(network.observer().relation().domain == 2);
    CHECK(network.observer().relation().grandmaster[7] == 2);
}

TEST_CASE("PTPv1 observer: what others ask and are answered tells who is there") {
    Settled settled;
    for (uint8_t id = 10; id < 15; ++id) {
        const PortId device = {{0, 0x1D, 0xC1, 0, 0, id}, 1};
        settled.network.deliver({dante_header(device), DelayReq{}});
        settled.network.deliver({dante_header(settled.first.id), DelayResp{boot_time, device}});
    }
    const ObserverStatus status = settled.network.observer().status(settled.network.local());
    CHECK(status.followers == 5);
    CHECK(status.counters.delay_requests == 5);
    CHECK(status.counters.delay_responses == 5);
    CHECK(settled.state() == tutti_clock_locked);
}

TEST_CASE("PTPv1 observer: hostile messages cost nothing and change nothing") {
    Settled settled;
    std::mt19937 random(1);
    for (int i = 0; i < 20'000; ++i) {
        PortId forged;
        for (uint8_t& byte : forged.uuid)
            byte = static_cast<uint8_t>(random());
        settled.network.deliver({dante_header(forged), dante_sync(forged.uuid, random())});
        settled.network.deliver({dante_header(settled.first.id, static_cast<uint16_t>(random())),
                                 FollowUp{static_cast<uint16_t>(random()), most_timestamp_ns}});
        settled.network.deliver({dante_header(forged), DelayReq{}});
        if (i % 100 == 0)
            settled.network.run(20 * ms);
    }
    const std::vector<uint8_t> noise(300, 0xFF);
    settled.network.observer().receive({noise, settled.network.local(), 0}, settled.network.local());
    const ObserverStatus status = settled.network.observer().status(settled.network.local());
    CHECK(status.counters.refused == 1);
    CHECK(status.leaders.size() <= LeaderTable::capacity);
    CHECK(status.followers <= Presence::capacity);
    CHECK(settled.generation() == 2);
    CHECK(settled.network.furthest_ns < 100 * us);
}

} // namespace observer_test
