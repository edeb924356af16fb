#include <doctest/doctest.h>

#include "json_check.hpp"
#include "observer_report.hpp"
#include "simulation.hpp"

using namespace tutti::dante_compat;
using namespace tutti::dante_compat::test;

namespace observer_report_test {

namespace {

const NetworkInterface ethernet = {"eth0", 2, 0x0100000A};

bool contains(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("PTPv1 report: while nothing is heard it says who listens, where, and for what") {
    Observer observer({.subdomain = 1, .path_delay_ns = std::nullopt}, second, 0);
    const std::string report = to_json(observer.status(second), ethernet, true);
    CAPTURE(report);
    CHECK(is_json(report));
    CHECK(contains(report, R"("role":"observer")"));
    CHECK(contains(report, R"([{"name":"eth0","address":"10.0.0.1","timestamping":"kernel"}])"));
    CHECK(contains(report, R"("domain":1,"subdomain":"_ALT1")"));
    CHECK(contains(report, R"("candidates":[])"));
    CHECK_FALSE(contains(report, "master"));
    CHECK_FALSE(contains(report, "offsetNs"));
    CHECK_FALSE(contains(report, "lastStepNs"));
    CHECK(contains(to_json(observer.status(second), std::nullopt, true), R"("interfaces":[])"));
    CHECK(contains(to_json(observer.status(second), ethernet, false), R"("timestamping":"user")"));
}

TEST_CASE("PTPv1 report: the leader, its dataset, rates and everybody's standing") {
    Simulation network({});
    network.add(dante_leader(1, 699 * second));
    REQUIRE(network.run_until(tutti_clock_locked, 10 * second));
    network.add(dante_leader(2, 0));
    SimulatedLeader elsewhere = dante_leader(3, 0);
    elsewhere.subdomain = "custom";
    network.add(elsewhere);
    SimulatedLeader& brief = network.add(dante_leader(4, 0));
    network.run(10 * second);
    brief.syncs = false;
    network.run(10 * second);
    const std::string report = to_json(network.observer().status(network.local()), ethernet, true);
    CAPTURE(report);
    CHECK(is_json(report));
    CHECK(contains(report, R"("master":{"identity":"00-1D-C1-FF-FE-00-00-01","port":1,"address":"1.0.0.0",)"
                           R"("interface":"eth0"})"));
    CHECK(contains(
        report, R"("dataset":{"identity":"00-1D-C1-FF-FE-00-00-01","stratum":153,)"
                R"("identifier":"DFLT","preferred":false,"boundaryClock":true,"variance":28768,)"
                R"("stepsRemoved":0,"utcOffset":0,"utcOffsetValid":false,"leap":0,"ptpTimescale":false})"));
    CHECK(contains(report, R"("rates":{"sync":8)"));
    CHECK(contains(report, R"("assumedPathDelayNs":0)"));
    CHECK_FALSE(contains(report, R"("pathDelayNs")"));
    CHECK(contains(report, R"("lastStepNs":)"));
    CHECK(contains(report, R"("reason":"It leads the observed subdomain. Stratum 153 DFLT.")"));
    CHECK(contains(report, R"("offsetNs":)"));
    for (const char* standing : {"followed", "outvoted", "otherDomain", "silent"})
        CHECK(contains(report, standing));
    CHECK(contains(report, R"("ratePpm":-)"));
}

TEST_CASE("PTPv1 report: nothing that a leader says breaks the text") {
    std::mt19937 random(5);
    Simulation network({});
    for (uint8_t id = 0; id < LeaderTable::capacity; ++id) {
        SimulatedLeader leader = dante_leader(id, 0);
        for (char& c : leader.dataset.identifier)
            c = static_cast<char>(random());
        leader.dataset.stratum = static_cast<uint8_t>(random());
        leader.dataset.variance = static_cast<int16_t>(random());
        leader.dataset.utc_offset_s = static_cast<int16_t>(random());
        network.add(leader);
    }
    network.run(5 * second);
    CHECK(is_json(to_json(network.observer().status(network.local()), ethernet, true)));
}

} // namespace observer_report_test
