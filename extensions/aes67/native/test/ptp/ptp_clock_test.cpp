// What the follower says on the network, and whom it listens to.
#include <doctest/doctest.h>

#include "clock_network.hpp"
#include "ptp/election_reason.hpp"
#include "simulation.hpp"

using namespace tutti::aes67::ptp;
using namespace tutti::aes67::ptp::test;

namespace ptp_clock_test {

namespace {

constexpr int64_t tai = 1'790'000'000 * second;
const PortIdentity us_ourselves = {{2, 0, 0, 0, 0, 0, 0, 1}, 1};

Simulation::Options options(uint8_t domain = 0, DelayMode mode = DelayMode::multicast) {
    Simulation::Options result;
    result.clock.identity = us_ourselves;
    result.clock.domain = domain;
    result.clock.delay_mode = mode;
    result.media_ns = tai;
    return result;
}

Message read(const Outgoing& outgoing) {
    const ParseResult result = parse({outgoing.bytes.data(), outgoing.length});
    REQUIRE(std::holds_alternative<Message>(result));
    return std::get<Message>(result);
}

Message peer_request(uint16_t sequence) {
    Message request;
    request.header.source = master(9, 0).identity;
    request.header.sequence = sequence;
    request.header.correction_ns = 40;
    request.body = PdelayReq{};
    return request;
}

// A clock alone, and what it is told.
struct Alone {
    Clock clock{options().clock, 0, tai};
    void tell(const Message& message, int64_t received_ns, int64_t now) {
        std::array<uint8_t, most_message_bytes> bytes{};
        const size_t length = write(message, bytes);
        clock.receive({{bytes.data(), length}, received_ns, 0x0900000A}, now);
    }
};

} // namespace

TEST_CASE("PTP clock: of several domains only its own is followed, and the others are in the table") {
    for (const uint8_t domain : {0, 1, 127}) {
        CAPTURE(int{domain});
        Simulation network(options(domain));
        for (const uint8_t other : {0, 1, 127}) {
            SimulatedMaster of = master(static_cast<uint8_t>(other + 1), other * second);
            of.domain = other;
            of.announce.priority1 = other == domain ? 200 : 1;
            network.add(of);
        }
        REQUIRE(network.run_until(tutti_clock_locked, 10 * second));
        CHECK(network.clock().relation().grandmaster[7] == domain + 1);
        CHECK(network.clock().relation().domain == domain);
        const ClockStatus status = network.clock().status();
        REQUIRE(status.election.size() == 3);
        CHECK(bool{status.election[0].standing == Standing::followed});
        CHECK(bool{status.election[1].standing == Standing::other_domain});
        CHECK(bool{status.election[2].standing == Standing::other_domain});
        for (const Outgoing& each : network.sent())
            CHECK(read(each).header.domain == domain);
    }
}

TEST_CASE("PTP clock: it sends Delay_Req and nothing else, at the rate that the master grants") {
    for (const int8_t log : {-3, 0, 3}) {
        CAPTURE(int{log});
        Simulation network(options());
        SimulatedMaster of = master(1, tai);
        of.log_delay = log;
        network.add(of);
        REQUIRE(network.run_until(tutti_clock_locked, 40 * second));
        const uint64_t before = network.clock().status().counters.delay_requests;
        network.run(800 * second);
        const auto sent = static_cast<double>(network.clock().status().counters.delay_requests - before);
        const double granted = 800.0 / (log >= 0 ? 1 << log : 1.0 / (1 << -log));
        CHECK(sent > 0.75 * granted);
        CHECK(sent < 1.25 * granted);
        for (const Outgoing& each : network.sent()) {
            const Message message = read(each);
            CHECK(std::holds_alternative<DelayReq>(message.body));
            CHECK(bool{message.header.source == us_ourselves});
            CHECK(message.header.log_interval == no_interval);
            CHECK(bool{each.destination == Destination::group});
        }
    }
}

TEST_CASE("PTP clock: a granted rate of thousands a second is not believed") {
    Simulation network(options());
    SimulatedMaster of = master(1, tai);
    of.log_delay = -128;
    network.add(of);
    network.run(20 * second);
    CHECK(network.clock().status().counters.delay_requests < 20 * 20);
}

TEST_CASE("PTP clock: it is silent while nobody announces") {
    Simulation network(options());
    SimulatedMaster of = master(1, tai);
    of.announces = false;
    network.add(of);
    network.run(30 * second);
    CHECK(network.sent().empty());
    CHECK(network.clock().relation().state == tutti_clock_listening);
}

TEST_CASE("PTP clock: hybrid sends Delay_Req to the master's own address, marked unicast") {
    Simulation network(options(0, DelayMode::hybrid));
    network.add(master(1, tai));
    REQUIRE(network.run_until(tutti_clock_locked, 10 * second));
    REQUIRE(!network.sent().empty());
    for (const Outgoing& each : network.sent()) {
        CHECK(bool{each.destination == Destination::unicast});
        CHECK(each.address == 0x0100000A);
        CHECK(read(each).header.has(flag::unicast));
    }
}

TEST_CASE("PTP clock: answers that were meant for others, and echoes of its own, are ignored") {
    Simulation network(options());
    SimulatedMaster& from = network.add(master(1, tai));
    REQUIRE(network.run_until(tutti_clock_locked, 10 * second));
    network.run(20 * second);
    const ClockCounters before = network.clock().status().counters;
    for (uint16_t sequence = 0; sequence < 100; ++sequence) {
        Message foreign;
        foreign.header.source = from.identity;
        foreign.header.sequence = sequence;
        foreign.body = DelayResp{0, {{2, 0, 0, 0, 0, 0, 0, 1}, 2}};
        network.deliver(foreign);
        Message echo;
        echo.header.source = us_ourselves;
        echo.header.sequence = sequence;
        echo.body = from.announce;
        network.deliver(echo);
    }
    network.run(ms);
    const ClockCounters after = network.clock().status().counters;
    CHECK(after.ignored - before.ignored >= 200);
    CHECK(after.delay_responses == before.delay_responses);
    CHECK(network.clock().status().election.size() == 1);
    CHECK(std::llabs(network.error_ns(from)) < 10 * us);
}

TEST_CASE("PTP clock: whatever bytes come, it stays locked and says how many it refused") {
    Simulation network(options());
    SimulatedMaster& from = network.add(master(1, tai));
    REQUIRE(network.run_until(tutti_clock_locked, 10 * second));
    network.run(20 * second);
    Clock& clock = const_cast<Clock&>(network.clock());
    std::mt19937 random(3);
    for (int i = 0; i < 100'000; ++i) {
        std::array<uint8_t, 80> bytes;
        for (uint8_t& byte : bytes)
            byte = static_cast<uint8_t>(random());
        bytes[0] &= 0x0F;
        bytes[1] = 2;
        bytes[2] = 0;
        bytes[3] = static_cast<uint8_t>(random() % 90);
        bytes[4] = 0;
        clock.receive({{bytes.data(), random() % bytes.size()}, network.local(), 1}, network.local());
    }
    CHECK(clock.status().counters.refused > 10'000);
    network.run(20 * second);
    CHECK(network.clock().relation().state == tutti_clock_locked);
    CHECK(std::llabs(network.error_ns(from)) < 10 * us);
}

TEST_CASE("PTP clock: on two interfaces it follows by the first, by the other when that is pulled, without a "
          "step") {
    ClockNetwork network;
    ClockNetwork::Node& leader = network.add(9, tai, 100);
    REQUIRE(network.run_until([&] { return leader.clock.is_grandmaster(); }, 10 * second));
    ClockNetwork::Node& ours = network.add(1, 0, {}, 30e-6, DelayMode::multicast, 2);
    const auto follows_by = [&](uint16_t port) {
        const ClockStatus status = ours.clock.status();
        return ours.clock.state() == tutti_clock_locked && status.master_port == port;
    };
    REQUIRE(network.run_until([&] { return follows_by(1); }, 6 * second));
    network.run(10 * second);
    const auto election = ours.clock.status().election;
    REQUIRE(election.size() == 2);
    CHECK(bool{election[0].standing == Standing::followed});
    CHECK(bool{election[1].standing == Standing::outvoted});
    CHECK(reason_of(election[1], ours.clock.status()) == "the same, heard on another interface");
    const uint64_t generation = ours.clock.relation().generation;

    ours.ports_plugged[0] = false;
    ours.sent.clear();
    REQUIRE(network.run_until([&] { return follows_by(2); },
                              10 * second)); // 3 announce intervals of 2 s, and lock
    for (const Message& each : ours.sent) {
        if (each.header.source.port == 2)
            CHECK(std::holds_alternative<DelayReq>(each.body));
    }
    CHECK(ours.sent.back().header.source.port == 2);
    network.run(10 * second);
    CHECK(std::llabs(network.media(ours) - network.media(leader)) < 5 * us);
    ours.ports_plugged[0] = true;
    REQUIRE(network.run_until([&] { return follows_by(1); }, 10 * second));
    network.run(10 * second);
    CHECK(std::llabs(network.media(ours) - network.media(leader)) < 5 * us);
    CHECK(ours.clock.relation().generation == generation);
    CHECK(ours.worst_discontinuity_ns <= 2);
}

TEST_CASE("PTP clock: a Pdelay_Req is answered in two steps, with the time it lay here") {
    Alone alone;
    alone.tell(peer_request(77), 1'000'000, 1'050'000);
    CHECK(alone.clock.due_ns() < 0);
    const auto response = alone.clock.poll(1'100'000);
    REQUIRE(response);
    CHECK(response->is_event);
    CHECK(bool{response->destination == Destination::peer_group});
    const Message first = read(*response);
    CHECK(first.header.sequence == 77);
    CHECK(first.header.has(flag::two_step));
    CHECK(std::get<PdelayResp>(first.body).receive_ns == 0);
    CHECK(bool{std::get<PdelayResp>(first.body).requester == master(9, 0).identity});

    CHECK_FALSE(alone.clock.poll(1'200'000));
    alone.clock.departed(response->token, 1'150'000);
    const auto follow_up = alone.clock.poll(1'200'000);
    REQUIRE(follow_up);
    CHECK_FALSE(follow_up->is_event);
    const Message last = read(*follow_up);
    CHECK(last.header.correction_ns == 150'000 + 40);
    CHECK(std::holds_alternative<PdelayRespFollowUp>(last.body));
    CHECK_FALSE(alone.clock.poll(1'300'000));
}

TEST_CASE("PTP clock: a flood of Pdelay_Req is answered at a bounded rate") {
    Alone alone;
    int answers = 0;
    for (int64_t i = 0; i < 10'000; ++i) { // one second
        alone.tell(peer_request(static_cast<uint16_t>(i)), i * 100'000, i * 100'000);
        while (const auto answer = alone.clock.poll(i * 100'000)) {
            alone.clock.departed(answer->token, i * 100'000 + 10);
            ++answers;
        }
    }
    CHECK(answers > 50);
    CHECK(answers <= 102);
}

TEST_CASE("Sync pairing: Follow_Up before Sync, doubled messages and lost halves") {
    SyncPairing pairing;
    Header two;
    two.flags = flag::two_step;
    two.sequence = 1;
    two.correction_ns = 5;
    Header plain = two;
    plain.flags = 0;
    plain.correction_ns = 7;
    CHECK_FALSE(pairing.follow_up(plain, {1000}));
    auto pair = pairing.sync(two, {0}, 400);
    REQUIRE(pair);
    CHECK(pair->local_ns == 400);
    CHECK(pair->master_ns == 1012);
    CHECK_FALSE(pairing.sync(two, {0}, 500)); // doubled
    CHECK_FALSE(pairing.follow_up(plain, {1000}));

    two.sequence = plain.sequence = 2; // its Follow_Up is lost
    CHECK_FALSE(pairing.sync(two, {0}, 600));
    two.sequence = plain.sequence = 3;
    CHECK_FALSE(pairing.sync(two, {0}, 700));
    pair = pairing.follow_up(plain, {2000});
    REQUIRE(pair);
    CHECK(pair->local_ns == 700);

    plain.sequence = 6; // of the same place as 2: that one is not taken for it
    CHECK_FALSE(pairing.follow_up(plain, {3000}));
    Header one = plain;
    one.sequence = 7;
    pair = pairing.sync(one, {9000}, 800); // one-step
    REQUIRE(pair);
    CHECK(pair->master_ns == 9007);
}

TEST_CASE("Delay requests: the answer may come before the report of the departure, and only once") {
    DelayRequests requests(0, 1);
    CHECK_FALSE(requests.next(second));
    requests.restart(0);
    const auto sequence = requests.next(second);
    REQUIRE(sequence);
    Header header;
    header.sequence = *sequence;
    header.correction_ns = 30;
    CHECK_FALSE(requests.answered(header, {5000, {}}));
    const auto pair = requests.departed(*sequence, 900);
    REQUIRE(pair);
    CHECK(pair->local_ns == 900);
    CHECK(pair->master_ns == 4970);
    CHECK_FALSE(requests.answered(header, {6000, {}}));
    CHECK_FALSE(requests.departed(*sequence, 901));
    header.sequence = 999;
    CHECK_FALSE(requests.answered(header, {6000, {}}));
}

TEST_CASE("Delay requests: an answer that comes after they were stopped does not set them going again") {
    DelayRequests requests(0, 1);
    requests.restart(0);
    const auto sequence = requests.next(second);
    REQUIRE(sequence);
    requests.stop();
    Header header;
    header.sequence = *sequence;
    header.log_interval = 0;
    CHECK_FALSE(requests.answered(header, {5000, {}}));
    CHECK_FALSE(requests.departed(*sequence, 900));
    CHECK_FALSE(requests.is_running());
    CHECK_FALSE(requests.next(1000 * second));
}

} // namespace ptp_clock_test
