// What people are told of the PTP clock.
#include <doctest/doctest.h>

#include <string>

#include "clock_network.hpp"
#include "ptp/election_reason.hpp"
#include "ptp/ptp_report.hpp"

using namespace tutti::aes67::ptp;
using namespace tutti::aes67::ptp::test;

namespace ptp_report_test {
using Node = ClockNetwork::Node;

namespace {

constexpr int64_t tai = 1'790'000'000 * second;

std::string report_of(const Node& node) {
    return to_json({{{"eth0", 0x0100000A, "kernel", "the network card has no clock"}}, node.clock.status()});
}

void announce(ClockNetwork& network, uint8_t id, uint8_t domain, uint8_t priority1, uint16_t steps = 0) {
    static uint16_t sequence = 0;
    Message message;
    message.header.domain = domain;
    message.header.source = master(id, 0).identity;
    message.header.log_interval = 1;
    message.header.sequence = ++sequence;
    Announce body = master(id, 0).announce;
    body.priority1 = priority1;
    body.steps_removed = steps;
    message.body = body;
    Outgoing outgoing;
    outgoing.length = write(message, outgoing.bytes);
    network.transmit(nullptr, outgoing);
}

std::string reason_for(const Node& node, uint8_t id) {
    const ClockStatus status = node.clock.status();
    for (const Candidate& each : status.election) {
        if (each.sender == master(id, 0).identity)
            return std::string(to_text(each.standing)) + ": " + reason_of(each, status);
    }
    return "";
}

#define CHECK_HAS(text, part) CHECK_MESSAGE((text).find(part) != std::string::npos, text)

} // namespace

TEST_CASE("PTP report: of a follower, with everyone it hears and why they lost") {
    ClockNetwork network;
    Node& ours = network.add(1, tai);
    network.add(2, tai, 100);
    network.run(12 * second);
    for (int i = 0; i < 6; ++i) {
        announce(network, 3, 0, 128);
        announce(network, 4, 5, 1);
        announce(network, 5, 0, 1, 255);
        if (i == 0)
            announce(network, 6, 0, 90);
        network.run(2 * second);
    }
    announce(network, 7, 0, 1);
    network.run(500 * ms);
    CHECK(reason_for(ours, 3) == "outvoted: priority1 128 against 100");
    CHECK(reason_for(ours, 4) == "otherDomain: domain 5, we follow 0");
    CHECK(reason_for(ours, 5) == "invalid: stepsRemoved 255, 255 is too far");
    CHECK(reason_for(ours, 6) == "silent: silent for 12 s");
    CHECK(reason_for(ours, 7) == "unqualified: announced once, waiting for the second");

    const std::string json = report_of(ours);
    for (const char* part :
         {R"("role":"follower","identity":"02-00-00-00-00-00-00-01","domain":0)",
          R"("interfaces":[{"name":"eth0","address":"10.0.0.1","timestamping":"kernel",)",
          R"("reason":"the network card has no clock"}])",
          R"("master":{"identity":"02-00-00-00-00-00-00-02","port":1,)",
          R"("dataset":{"identity":"02-00-00-00-00-00-00-02","priority1":100,"clockClass":248,)",
          R"("utcOffset":37,"utcOffsetValid":true,"ptpTimescale":true,"timeTraceable":false,)", R"("leap":0)",
          R"("offsetNs":)", R"("pathDelayNs":2)", R"("sync":8.00)",
          R"("standing":"followed","reason":"the best of 2 on domain 0")",
          R"("standing":"otherDomain","reason":"domain 5, we follow 0")"})
        CHECK_HAS(json, part);
    CHECK(json.front() == '{');
    CHECK(json.back() == '}');
    CHECK(json.find("ourselves") == std::string::npos);
    const ClockStatus status = ours.clock.status();
    REQUIRE(status.offset_ns);
    CHECK(std::llabs(*status.offset_ns) < 20'000);
    CHECK(status.last_step_ns == ours.clock.servo().last_step_ns());
}

TEST_CASE("PTP report: of a grandmaster, with ourselves in the table") {
    ClockNetwork network;
    Node& ours = network.add(1, tai, 250);
    network.run(5 * second);
    CHECK_HAS(report_of(ours), R"("standing":"ourselves","reason":"listening before we announce")");
    network.run(10 * second);
    for (int i = 0; i < 3; ++i) {
        announce(network, 3, 0, 251);
        network.run(2 * second);
    }
    const std::string json = report_of(ours);
    for (const char* part : {R"("role":"grandmaster")", R"("dataset":{"identity":"02-00-00-00-00-00-00-01")",
                             R"("standing":"ourselves","reason":"nobody better announces on domain 0")",
                             R"("reason":"priority1 251 against 250 of ourselves")", R"("takeovers":1)"})
        CHECK_HAS(json, part);
    CHECK(json.find(R"("master")") == std::string::npos);
    CHECK(json.find("offsetNs") == std::string::npos);
    for (int i = 0; i < 3; ++i) {
        announce(network, 4, 0, 100);
        network.run(2 * second);
    }
    CHECK_HAS(report_of(ours), R"("standing":"ourselves","reason":"priority1 250 against 100")");
}

TEST_CASE("PTP report: a full table of strangers stays within what the host takes") {
    ClockNetwork network;
    Node& ours = network.add(1, tai, 250);
    for (uint8_t id = 10; id < 250; ++id)
        announce(network, id, id % 128, id);
    network.run(second);
    const std::string json = report_of(ours);
    CHECK(ours.clock.status().election.size() == ForeignMasters::capacity);
    CHECK(json.size() < 64 * 1024);
}

TEST_CASE("PTP report: rates are those of the last eight seconds") {
    MessageRates rates;
    CHECK(rates.per_second().sync == 0);
    uint64_t syncs = 0;
    for (int64_t now = 0; now < 20 * second; now += 125 * ms) {
        rates.sample({0, syncs, 0, 0}, now);
        ++syncs;
    }
    CHECK(rates.per_second().sync == doctest::Approx(8));
    for (int64_t now = 20 * second; now < 30 * second; now += 100 * ms)
        rates.sample({0, syncs, 0, 0}, now);
    CHECK(rates.per_second().sync == 0);
}

} // namespace ptp_report_test
