// The whole engine with its real audio thread, over the loopback interface. Numbers of time are never
// asserted here, only that nothing is lost while everything around a stream changes.
#include "engine.hpp"
#include "scratch_file.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <thread>

using namespace tutti;

namespace engine_test {

namespace {

Plan base_plan() {
    Plan plan;
    const std::string library = std::string(TUTTI_TEST_PLUGINS) + "/good.so";
    plan.device = {"test", 48000, 128, 128};
    plan.clock = {"still", "{}"};
    plan.plugins = {{"codec", "L24", library}, {"clock", "still", library}};
    return plan;
}

void add_pair(Plan& plan, int number) {
    const std::string group = "239.255.78." + std::to_string(number);
    const auto channel = static_cast<uint32_t>(number);
    plan.senders.push_back({"s" + std::to_string(number),
                            "L24",
                            1,
                            48,
                            98,
                            0,
                            34,
                            4,
                            {{group, 5004, "127.0.0.1"}},
                            {{0, channel}}});
    plan.receivers.push_back({"r" + std::to_string(number),
                              "L24",
                              48000,
                              1,
                              98,
                              4800,
                              Timing::shared,
                              0,
                              {{group, 5004, "127.0.0.1", {}}},
                              {{0, channel}}});
}

void pass_time(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

struct Running {
    test::ScratchFile region{"engine.device"};
    test::ScratchFile telemetry{"engine.telemetry"};
    std::unique_ptr<Engine> engine;
    SharedFile view;

    Running() {
        std::string error;
        engine = Engine::start({region.path(), telemetry.path(), {}}, error);
        REQUIRE_MESSAGE(engine != nullptr, error);
        REQUIRE(view.open(telemetry.path(), Telemetry::total_bytes, error));
    }
    uint64_t receiver(uint32_t slot, ReceiverField field) {
        const auto offset = Telemetry::receiver_offset + slot * Telemetry::receiver_stride;
        return TelemetrySlot<ReceiverField>(reinterpret_cast<uint64_t*>(view.data() + offset)).get(field);
    }
};

} // namespace

TEST_CASE("streams come, go and are re-routed while another one plays on and loses nothing") {
    Running running;
    Plan plan = base_plan();
    add_pair(plan, 1);
    ApplyReply reply = running.engine->apply(plan);
    REQUIRE(reply.problems.empty());
    const uint32_t slot = reply.receiver_slots.at("r1");
    pass_time(50);
    for (int round = 0; round < 60; ++round) {
        Plan changed = plan;
        for (int extra = 2; extra < 2 + round % 4; ++extra)
            add_pair(changed, extra);
        if (round % 3 == 0 && changed.receivers.size() > 1) {
            changed.receivers[1].routes = {{0, static_cast<uint32_t>(40 + round)}};
        }
        reply = running.engine->apply(changed);
        CHECK(reply.problems.empty());
        CHECK_EQ(reply.receiver_slots.at("r1"), slot);
        CHECK_EQ(reply.receiver_slots.size(), changed.receivers.size());
    }
    const uint64_t before = running.receiver(slot, ReceiverField::packets);
    pass_time(400);
    CHECK_GT(running.receiver(slot, ReceiverField::packets), before);
    CHECK_EQ(running.receiver(slot, ReceiverField::lost), 0);
    CHECK_EQ(running.receiver(slot, ReceiverField::ssrc_changes), 0);
    CHECK_EQ(running.receiver(slot, ReceiverField::malformed), 0);
}

TEST_CASE("a part with a problem is left out and named, the rest is in force") {
    Running running;
    Plan plan = base_plan();
    add_pair(plan, 5);
    plan.senders.push_back(plan.senders[0]);
    plan.senders[1].id = "bad codec";
    plan.senders[1].codec = "OPUS";
    plan.senders.push_back(plan.senders[0]);
    plan.senders[2].id = "too big";
    plan.senders[2].frames_per_packet = 1000;
    plan.receivers.push_back(plan.receivers[0]);
    plan.receivers[1].id = "gone";
    plan.receivers[1].legs[0].interface_address = "203.0.113.1";
    plan.receivers[1].routes.clear();
    const ApplyReply reply = running.engine->apply(plan);
    REQUIRE_EQ(reply.problems.size(), 3);
    CHECK_EQ(reply.sender_slots.size(), 1);
    CHECK_EQ(reply.receiver_slots.size(), 1);
    const auto find = [&](const std::string& id) {
        for (const PlanProblem& problem : reply.problems) {
            if (problem.id == id)
                return problem.problem;
        }
        FAIL(id);
        return Problem{};
    };
    CHECK_EQ(find("bad codec").field, "codec");
    CHECK_EQ(find("too big").code, "limit");
    CHECK_EQ(find("gone").code, "interfaceGone");
}

TEST_CASE("a change of the device's rate makes a new region and everything goes on at the new rate") {
    Running running;
    Plan plan = base_plan();
    add_pair(plan, 6);
    REQUIRE(running.engine->apply(plan).problems.empty());
    plan.device.rate = 96000;
    plan.receivers[0].rate = 96000;
    const ApplyReply reply = running.engine->apply(plan);
    REQUIRE(reply.problems.empty());
    pass_time(200);
    CHECK_GT(running.receiver(reply.receiver_slots.at("r6"), ReceiverField::packets), 10);
    CHECK_EQ(running.engine->clock().state, tutti_clock_locked);
}

TEST_CASE("a stream that is resampled plays beside a bit-exact one, and goes on when its routes and link "
          "offset change") {
    Running running;
    Plan plan = base_plan();
    add_pair(plan, 7);
    add_pair(plan, 8);
    plan.receivers[1].timing = Timing::resample;
    ApplyReply reply = running.engine->apply(plan);
    REQUIRE(reply.problems.empty());
    const uint32_t slot = reply.receiver_slots.at("r8");
    for (int i = 0; i < 100 && running.receiver(slot, ReceiverField::anchored) == 0; ++i)
        pass_time(50);
    REQUIRE_EQ(running.receiver(slot, ReceiverField::anchored), 1);
    plan.receivers[1].routes = {{0, 60}};
    plan.receivers[1].link_offset = 3600;
    reply = running.engine->apply(plan);
    REQUIRE(reply.problems.empty());
    CHECK_EQ(reply.receiver_slots.at("r8"), slot);
    pass_time(400);
    CHECK_EQ(running.receiver(slot, ReceiverField::anchored), 1);
    CHECK_GT(running.receiver(slot, ReceiverField::buffered_ns), 0);
    CHECK_EQ(running.receiver(slot, ReceiverField::reanchors), 0);
    CHECK_EQ(running.receiver(slot, ReceiverField::ssrc_changes), 0);
}

TEST_CASE("an update of a codec's library starts the streams anew that use it") {
    const std::string good = std::string(TUTTI_TEST_PLUGINS) + "/good.so";
    const test::ScratchFile installed("codec");
    const test::ScratchFile update("codec-update");
    for (const test::ScratchFile* each : {&installed, &update})
        std::filesystem::copy_file(good, each->path());
    Running running;
    Plan plan = base_plan();
    plan.plugins[0].path = installed.path();
    add_pair(plan, 1);
    const uint32_t slot = running.engine->apply(plan).receiver_slots.at("r1");
    const auto packets = [&] { return running.receiver(slot, ReceiverField::packets); };
    while (packets() < 100)
        pass_time(10);
    CHECK(running.engine->apply(plan).problems.empty());
    CHECK(packets() >= 100);
    std::filesystem::rename(update.path(), installed.path());
    CHECK(running.engine->apply(plan).problems.empty());
    CHECK(packets() < 100);
    while (packets() < 100)
        pass_time(10);
}

} // namespace engine_test
