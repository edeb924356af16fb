#include "plan_check.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace tutti;

namespace plan_check_test {

namespace {

Plan good_plan() {
    Plan plan;
    plan.receivers.push_back({"r1",
                              "L24",
                              48000,
                              8,
                              97,
                              144,
                              Timing::shared,
                              0,
                              {{"239.69.1.1", 5004, "10.0.0.1", {}}},
                              {{0, 0}, {1, 1}}});
    plan.senders.push_back({"s1", "L24", 8, 48, 97, 0, 34, 32, {{"239.69.1.2", 5004, "10.0.0.1"}}, {{0, 0}}});
    return plan;
}

/// The only problem of a plan that was good before `spoil`.
PlanProblem only_problem(const std::function<void(Plan&)>& spoil) {
    Plan plan = good_plan();
    spoil(plan);
    const auto problems = check_plan(plan);
    REQUIRE_EQ(problems.size(), 1);
    return problems.front();
}

} // namespace

TEST_CASE("a good plan has no problems") {
    CHECK(check_plan(good_plan()).empty());
}

TEST_CASE("every bad field is named, with its owner") {
    struct Case {
        const char* id;
        const char* code;
        const char* field;
        std::function<void(Plan&)> spoil;
    };
    const Case cases[] = {
        {"device", "invalid", "device.rate",
         [](Plan& p) {
             p.device.rate = 47999;
             p.receivers.clear();
             p.senders.clear();
         }},
        {"device", "invalid", "device.inputs", [](Plan& p) { p.device.inputs = 129; }},
        {"r1", "invalid", "channels", [](Plan& p) { p.receivers[0].channels = 0; }},
        {"r1", "invalid", "payloadType", [](Plan& p) { p.receivers[0].payload_type = 128; }},
        {"r1", "invalid", "legs", [](Plan& p) { p.receivers[0].legs.clear(); }},
        {"r1", "invalid", "legs[0].address", [](Plan& p) { p.receivers[0].legs[0].address = "127.0.0.1"; }},
        {"r1", "invalid", "legs[0].address", [](Plan& p) { p.receivers[0].legs[0].address = "224.0.0.5"; }},
        {"r1", "invalid", "legs[0].address", [](Plan& p) { p.receivers[0].legs[0].address = "239.1.2"; }},
        {"r1", "invalid", "legs[0].port", [](Plan& p) { p.receivers[0].legs[0].port = 65536; }},
        {"r1", "invalid", "legs[0].interface",
         [](Plan& p) { p.receivers[0].legs[0].interface_address = "eth0"; }},
        {"r1", "unsupported", "rate", [](Plan& p) { p.receivers[0].rate = 96000; }},
        {"r1", "unsupported", "rate", [](Plan& p) { p.receivers[0].rate = 705600; }},
        {"r1", "invalid", "rate", [](Plan& p) { p.receivers[0].rate = 768001; }},
        {"r1", "invalid", "rate",
         [](Plan& p) {
             p.device.rate = 44100;
             p.receivers[0].rate = 768000;
             p.receivers[0].timing = Timing::resample;
         }},
        {"r1", "invalid", "linkOffset", [](Plan& p) { p.receivers[0].link_offset = 16384; }},
        {"r1", "invalid", "routes[0]",
         [](Plan& p) {
             p.receivers[0].routes = {{8, 0}};
         }},
        {"r1", "invalid", "routes[0]",
         [](Plan& p) {
             p.receivers[0].routes = {{0, 128}};
         }},
        {"r1", "conflict", "routes",
         [](Plan& p) {
             p.receivers[0].routes = {{0, 5}, {1, 5}};
         }},
        {"s1", "invalid", "framesPerPacket", [](Plan& p) { p.senders[0].frames_per_packet = 1441; }},
        {"s1", "invalid", "dscp", [](Plan& p) { p.senders[0].dscp = 64; }},
        {"s1", "invalid", "ttl", [](Plan& p) { p.senders[0].ttl = 0; }},
        {"s1", "conflict", "routes",
         [](Plan& p) {
             p.senders[0].routes = {{0, 1}, {0, 2}};
         }},
        {"s1", "conflict", "id", [](Plan& p) { p.senders.push_back(p.senders[0]); }},
    };
    for (const Case& item : cases) {
        CAPTURE(item.field);
        const PlanProblem found = only_problem(item.spoil);
        CHECK_EQ(found.id, item.id);
        CHECK_EQ(found.problem.code, item.code);
        CHECK_EQ(found.problem.field, item.field);
        CHECK_FALSE(found.problem.message.empty());
    }
}

TEST_CASE(
    "a stream of another rate is accepted if it is resampled, with a link offset that leaves room for it") {
    Plan plan = good_plan();
    plan.receivers[0].rate = 44100;
    plan.receivers[0].timing = Timing::resample;
    plan.receivers[0].link_offset = 960;
    CHECK(check_plan(plan).empty());
    const auto resampled = [](uint32_t rate, uint32_t link_offset) {
        return only_problem([=](Plan& p) {
            p.receivers[0].timing = Timing::resample;
            p.receivers[0].rate = rate;
            p.receivers[0].link_offset = link_offset;
        });
    };
    CHECK_EQ(resampled(48000, 140).problem.field, "linkOffset");
    CHECK_EQ(resampled(7999, 960).problem.field, "rate");
    CHECK_EQ(resampled(768001, 960).problem.field, "rate");
}

} // namespace plan_check_test
