// Grandmaster mode: who is it, what it says, and that the timeline does not notice.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "clock_network.hpp"

using namespace tutti::aes67::ptp;
using namespace tutti::aes67::ptp::test;

namespace grandmaster_test {
using Node = ClockNetwork::Node;

namespace {

constexpr int64_t tai = 1'790'000'000 * second;

bool is_locked(const Node& node) {
    return node.clock.state() == tutti_clock_locked;
}

template <typename Body> std::vector<Message> all_of(const Node& node) {
    std::vector<Message> result;
    std::copy_if(node.sent.begin(), node.sent.end(), std::back_inserter(result),
                 [](const Message& m) { return std::holds_alternative<Body>(m.body); });
    return result;
}

int64_t apart(const ClockNetwork& network, const Node& one, const Node& two) {
    return std::llabs(network.media(one) - network.media(two));
}

// A Delay_Req as a stranger sends it.
Outgoing delay_request(uint16_t sequence, uint16_t flags = 0, int64_t correction_ns = 0) {
    Message request;
    request.header.source = master(77, 0).identity;
    request.header.sequence = sequence;
    request.header.flags = flags;
    request.header.correction_ns = correction_ns;
    request.body = DelayReq{};
    Outgoing outgoing;
    outgoing.length = write(request, outgoing.bytes);
    return outgoing;
}

// Alone on the network and its grandmaster.
struct Ruling {
    ClockNetwork network;
    Node& node = network.add(1, tai, 250);
    Ruling() {
        REQUIRE(network.run_until([&] { return node.clock.is_grandmaster(); }, 10 * second));
    }
};

} // namespace

TEST_CASE(
    "Grandmaster: it listens for its announce timeout before it says a word, and then others lock to it") {
    ClockNetwork network;
    Node& ours = network.add(1, tai, 250, 20e-6);
    network.run(6 * second - 50 * ms);
    CHECK(ours.sent.empty());
    CHECK_FALSE(ours.clock.is_grandmaster());
    CHECK(ours.clock.state() == tutti_clock_listening);
    REQUIRE(network.run_until([&] { return ours.clock.is_grandmaster(); }, 3 * second));
    Node& follower = network.add(2, 0, {}, -30e-6);
    REQUIRE(network.run_until([&] { return is_locked(follower); }, 6 * second));
    network.run(20 * second);
    CHECK(apart(network, ours, follower) < 5 * us);

    const tutti_clock_relation relation = ours.clock.relation();
    CHECK(relation.state == tutti_clock_free_run);
    CHECK(relation.error_ns == 0);
    CHECK(relation.generation == 1);
    CHECK(relation.has_grandmaster == 1);
    CHECK(relation.grandmaster[7] == 1);
    CHECK(ours.worst_discontinuity_ns <= 1);
    CHECK(relation.media_ns - relation.local_ns == tai - 1'000 * second); // the line it began with
    CHECK(follower.clock.relation().grandmaster[7] == 1);
    CHECK(follower.clock.status().rates.sync == doctest::Approx(8).epsilon(0.1));
    CHECK(ours.clock.status().rates.sync == doctest::Approx(8).epsilon(0.1));
    CHECK(ours.clock.status().rates.delay_response == doctest::Approx(1).epsilon(0.5));
}

TEST_CASE("Grandmaster: without the mode nobody announces, however long it is quiet") {
    ClockNetwork network;
    Node& ours = network.add(1, tai);
    network.run(60 * second);
    CHECK(ours.sent.empty());
}

TEST_CASE("Grandmaster: what it announces claims nothing that it is not") {
    Ruling test;
    test.network.run(8 * second);
    const auto announces = all_of<Announce>(test.node);
    REQUIRE(announces.size() >= 4);
    CHECK(announces.size() <= 6);
    uint16_t sequence = announces[0].header.sequence;
    for (const Message& each : announces) {
        const auto& announce = std::get<Announce>(each.body);
        CHECK(announce.priority1 == 250);
        CHECK(announce.clock_class == 248);
        CHECK(announce.accuracy == 0xFE);
        CHECK(announce.variance == 0xFFFF);
        CHECK(announce.time_source == 0xA0);
        CHECK(announce.steps_removed == 0);
        CHECK(announce.utc_offset_s == 37);
        CHECK(each.header.flags == (flag::ptp_timescale | flag::utc_offset_valid));
        CHECK(each.header.log_interval == 1);
        CHECK(each.header.sequence == sequence++);
    }
    const auto syncs = all_of<Sync>(test.node);
    const auto follow_ups = all_of<FollowUp>(test.node);
    REQUIRE(syncs.size() > 60);
    CHECK(follow_ups.size() + 1 >= syncs.size());
    for (size_t i = 0; i < follow_ups.size(); ++i) {
        CHECK(syncs[i].header.flags == flag::two_step);
        CHECK(follow_ups[i].header.sequence == syncs[i].header.sequence);
        CHECK(follow_ups[i].header.log_interval == -3);
        const int64_t estimate = std::get<Sync>(syncs[i].body).origin_ns;
        CHECK(std::llabs(std::get<FollowUp>(follow_ups[i].body).origin_ns - estimate) < ms);
    }
    const auto packet = std::find_if(test.node.packets.begin(), test.node.packets.end(),
                                     [](const Outgoing& each) { return each.is_event; });
    CHECK(bool{packet->destination == Destination::group});
}

TEST_CASE("Grandmaster: a Delay_Req is answered the way it came, its correction with it") {
    Ruling test;
    for (const uint16_t flags : {uint16_t{0}, flag::unicast}) {
        test.node.sent.clear();
        test.node.packets.clear();
        Outgoing request = delay_request(4711, flags, 1234);
        test.network.transmit(nullptr, request);
        test.network.run(ms);
        const auto found = std::find_if(test.node.sent.begin(), test.node.sent.end(), [](const Message& m) {
            return std::holds_alternative<DelayResp>(m.body);
        });
        REQUIRE(found != test.node.sent.end());
        const auto& response = std::get<DelayResp>(found->body);
        CHECK(found->header.sequence == 4711);
        CHECK(found->header.correction_ns == 1234);
        CHECK(found->header.flags == flags);
        CHECK(found->header.log_interval == (flags ? no_interval : 0));
        CHECK(bool{response.requester == master(77, 0).identity});
        CHECK(std::llabs(response.receive_ns - test.network.media(test.node)) < ms);
        const Outgoing& packet = test.node.packets[static_cast<size_t>(found - test.node.sent.begin())];
        CHECK_FALSE(packet.is_event);
        CHECK(bool{packet.destination == (flags ? Destination::unicast : Destination::group)});
        if (flags)
            CHECK(packet.address == 99);
    }
}

TEST_CASE("Grandmaster: a follower that asks by unicast locks too") {
    Ruling test;
    Node& follower = test.network.add(2, 0, {}, 40e-6, DelayMode::hybrid);
    REQUIRE(test.network.run_until([&] { return is_locked(follower); }, 6 * second));
    test.network.run(20 * second);
    CHECK(apart(test.network, test.node, follower) < 5 * us);
}

TEST_CASE(
    "Grandmaster: it yields to a better one at its second Announce, and takes over again without a step "
    "when that is silent") {
    Ruling test;
    Node& follower = test.network.add(2, 0, {}, 25e-6);
    test.network.run(20 * second);
    Node& better = test.network.add(3, tai + 77 * second, 100, 10e-6);
    REQUIRE(test.network.run_until([&] { return better.clock.is_grandmaster(); }, 10 * second));
    REQUIRE(test.network.run_until([&] { return !test.node.clock.is_grandmaster(); }, 2500 * ms));
    CHECK(test.node.clock.relation().grandmaster[7] == 1); // the timeline is still ours
    const size_t said = all_of<Sync>(test.node).size();
    REQUIRE(test.network.run_until([&] { return is_locked(test.node) && is_locked(follower); }, 6 * second));
    CHECK(all_of<Sync>(test.node).size() == said);
    CHECK(test.node.clock.relation().generation == 2);
    CHECK(test.node.clock.relation().grandmaster[7] == 3);
    CHECK(follower.clock.relation().grandmaster[7] == 3);
    test.network.run(30 * second);
    CHECK(apart(test.network, test.node, better) < 5 * us);

    better.is_plugged = false;
    const int64_t died = test.network.now();
    REQUIRE(test.network.run_until([&] { return test.node.clock.is_grandmaster(); }, 7 * second));
    CHECK(test.network.now() - died < 6500 * ms);
    CHECK(test.node.clock.state() == tutti_clock_holdover);
    test.network.run(30 * second);
    CHECK(is_locked(follower));
    CHECK(apart(test.network, test.node, follower) < 5 * us);
    // The time of the one that went, as we learned it, and what that said of it.
    CHECK(apart(test.network, test.node, better) < 20 * us);
    CHECK(test.node.clock.relation().generation == 2);
    CHECK(follower.clock.relation().generation == 3); // ours, the better one's
    CHECK(test.node.clock.relation().grandmaster[7] == 1);
    CHECK(follower.clock.relation().grandmaster[7] == 1);
    CHECK(test.node.worst_discontinuity_ns <= 2);
    CHECK(test.node.clock.status().counters.takeovers == 2);
}

TEST_CASE("Grandmaster: of two in the mode one wins, and the other follows it") {
    for (const bool together : {true, false}) {
        for (const int first_priority : {249, 250, 251}) {
            CAPTURE(together);
            CAPTURE(first_priority);
            ClockNetwork network;
            Node& one = network.add(1, tai, static_cast<uint8_t>(first_priority), 20e-6);
            if (!together)
                network.run(15 * second);
            Node& two = network.add(2, tai + 5 * second, 250, -20e-6);
            network.run(20 * second);
            const bool first_wins = first_priority <= 250; // of equal ones the lower identity
            CHECK(one.clock.is_grandmaster() == first_wins);
            CHECK(two.clock.is_grandmaster() == !first_wins);
            CHECK(is_locked(first_wins ? two : one));
            network.run(20 * second);
            CHECK(apart(network, one, two) < 5 * us);
            const ClockStatus status = (first_wins ? one : two).clock.status();
            REQUIRE(status.election.size() <= 1);
            for (const Candidate& each : status.election)
                CHECK(bool{each.standing == Standing::outvoted || each.standing == Standing::silent});
        }
    }
}

TEST_CASE("Grandmaster: a worse master that is there first does not keep it, a better one does") {
    for (const bool better : {true, false}) {
        ClockNetwork network;
        Node& there = network.add(9, tai, better ? 249 : 251);
        network.run(12 * second);
        Node& ours = network.add(1, tai, 250);
        network.run(12 * second);
        CHECK(ours.clock.is_grandmaster() == !better);
        CHECK(there.clock.is_grandmaster() == better);
        CHECK((ours.clock.status().counters.takeovers == 0) == better);
    }
}

TEST_CASE("Grandmaster: a single Announce does not make it leave its followers") {
    Ruling test;
    Message message;
    message.header.source = master(77, 0).identity;
    message.header.log_interval = 1;
    message.header.flags = flag::ptp_timescale;
    message.body = master(77, 0).announce;
    Outgoing outgoing;
    outgoing.length = write(message, outgoing.bytes);
    test.network.transmit(nullptr, outgoing);
    for (int i = 0; i < 20; ++i) {
        test.network.run(500 * ms);
        CHECK(test.node.clock.is_grandmaster());
    }
}

TEST_CASE("Grandmaster: after its network was away it listens again") {
    Ruling test;
    test.node.clock.listen_again(1, test.network.local(test.node));
    CHECK_FALSE(test.node.clock.is_grandmaster());
    test.network.run(6 * second - 50 * ms);
    CHECK_FALSE(test.node.clock.is_grandmaster());
    test.network.run(2 * second);
    CHECK(test.node.clock.is_grandmaster());
    CHECK(test.node.clock.relation().generation == 1);
}

TEST_CASE(
    "Grandmaster: on two interfaces each port speaks for itself, and one that comes back listens alone") {
    ClockNetwork network;
    Node& ours = network.add(1, tai, 250, 20e-6, DelayMode::multicast, 2);
    REQUIRE(network.run_until([&] { return ours.clock.is_grandmaster(); }, 10 * second));
    Node& follower = network.add(2, 0, {}, -30e-6);
    REQUIRE(network.run_until([&] { return is_locked(follower); }, 6 * second));
    network.run(10 * second);
    CHECK(apart(network, ours, follower) < 5 * us);
    CHECK(follower.clock.master()->port == 1); // of the same clock the lower number
    const auto count = [&](uint16_t port) {
        const auto all = all_of<Sync>(ours);
        return std::count_if(all.begin(), all.end(),
                             [&](const Message& m) { return m.header.source.port == port; });
    };
    CHECK(count(1) > 80);
    CHECK(std::abs(count(1) - count(2)) <= 1);
    CHECK(ours.clock.status().election.empty()); // its own other port is nobody

    ours.clock.listen_again(2, network.local(ours));
    const auto before = count(2);
    network.run(5 * second);
    CHECK(count(2) == before);
    CHECK(ours.clock.is_grandmaster());
    CHECK(ours.clock.status().counters.takeovers == 1);
    CHECK(is_locked(follower));
    network.run(4 * second);
    CHECK(count(2) > before);
}

TEST_CASE("Grandmaster: a flood of Delay_Req costs its followers nothing") {
    Ruling test;
    Node& follower = test.network.add(2, 0, {}, 25e-6);
    REQUIRE(test.network.run_until([&] { return is_locked(follower); }, 6 * second));
    const ClockCounters before = test.node.clock.status().counters;
    const int64_t begin = test.network.now();
    for (int64_t i = 0; i < 100'000; ++i) { // five seconds of 20 000 a second from one address
        test.network.at(begin + i * 50 * us, [&test, i] {
            const Outgoing request = delay_request(static_cast<uint16_t>(i));
            const int64_t now = test.network.local(test.node);
            test.node.clock.receive({{request.bytes.data(), request.length}, now, 0x0900000A}, now);
        });
    }
    test.network.run(10 * second);
    const ClockCounters after = test.node.clock.status().counters;
    CHECK(after.requests_heard - before.requests_heard >= 100'000);
    CHECK(after.responses_sent - before.responses_sent < 5 * 32 + 16 + 20);
    CHECK(after.syncs_sent - before.syncs_sent >= 79);
    CHECK(after.announces_sent - before.announces_sent >= 4);
    CHECK(follower.clock.status().unanswered_delay_requests <= 1);
    CHECK(is_locked(follower));
    CHECK(apart(test.network, test.node, follower) < 5 * us);
}

TEST_CASE("Request limit: invented addresses share a bound, and one address has its own") {
    RequestLimit limit;
    int64_t admitted = 0;
    for (int64_t i = 0; i < 100'000; ++i) // a second
        admitted += limit.admit(static_cast<uint32_t>(i * 7919), i * 10'000);
    CHECK(admitted > 900);
    CHECK(admitted <= 1'000 + RequestLimit::burst);
    RequestLimit fair;
    admitted = 0;
    for (int64_t i = 0; i < 100'000; ++i)
        admitted += fair.admit(0x0100000A, i * 10'000);
    CHECK(admitted >= 32);
    CHECK(admitted <= 32 + RequestLimit::sender_burst);
    CHECK(fair.admit(0x0200000A, second));
}

} // namespace grandmaster_test
