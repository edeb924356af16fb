#include "clock_bridge.hpp"

#include <doctest/doctest.h>

#include <cstring>

using namespace tutti;

namespace clock_bridge_test {

namespace {

/// A clock source that publishes what the test says, from the test's thread.
struct Puppet {
    tutti_clock_publish_fn publish = nullptr;
    void* context = nullptr;
    tutti_clock_relation first{};
    bool refuses = false;
    int running = 0;

    void say(uint32_t state, int64_t media_ns) const {
        tutti_clock_relation relation{};
        relation.size = sizeof relation;
        relation.abi = TUTTI_ABI;
        relation.state = state;
        relation.local_ns = 1'000;
        relation.media_ns = media_ns;
        relation.error_ns = 5;
        publish(context, &relation);
    }
};

Puppet* puppet = nullptr;
std::string report_text;

void* start(const char*, tutti_clock_publish_fn publish, void* context, char* error, size_t bytes) {
    if (puppet->refuses) {
        std::strncpy(error, "not today", bytes);
        return nullptr;
    }
    puppet->publish = publish;
    puppet->context = context;
    ++puppet->running;
    if (puppet->first.size != 0)
        publish(context, &puppet->first);
    return puppet;
}

void stop(void* handle) {
    --static_cast<Puppet*>(handle)->running;
}

size_t report(void*, char* json, size_t bytes) {
    if (report_text.size() < bytes)
        std::memcpy(json, report_text.c_str(), report_text.size() + 1);
    return report_text.size();
}

constexpr tutti_clock_source source{sizeof(tutti_clock_source), TUTTI_ABI, "puppet", start, stop, report};

int64_t media_at(const ClockBridge& bridge, int64_t local_ns) {
    const tutti_clock_relation relation = bridge.relation();
    return Timeline{relation.local_ns, relation.media_ns, relation.rate_deviation}.media_ns_at(local_ns);
}

} // namespace

TEST_CASE("Clock bridge: the line of before goes on until a new source knows the time") {
    Puppet first;
    puppet = &first;
    ClockBridge bridge;
    std::string error;
    bridge.continue_line({1'000, 7'000'000, 1e-6, 48000});
    CHECK_EQ(media_at(bridge, 1'001'000), 8'000'001);

    REQUIRE(bridge.start(source, "{}", error));
    first.say(tutti_clock_listening, 99'000'000);
    CHECK_EQ(bridge.relation().state, tutti_clock_listening);
    CHECK_EQ(media_at(bridge, 1'001'000), 8'000'001);
    first.say(tutti_clock_calibrating, 99'000'000);
    CHECK_EQ(media_at(bridge, 1'001'000), 8'000'001);
    first.say(tutti_clock_locked, 99'000'000);
    CHECK_EQ(media_at(bridge, 1'000), 99'000'000);
    // From then on it is the source's affair: it may calibrate again on the line that it knows.
    first.say(tutti_clock_calibrating, 98'000'000);
    CHECK_EQ(media_at(bridge, 1'000), 98'000'000);
}

TEST_CASE("Clock bridge: a source that does not start leaves the present one at work") {
    Puppet first;
    Puppet second;
    puppet = &first;
    ClockBridge bridge;
    std::string error;
    REQUIRE(bridge.start(source, "{}", error));
    first.say(tutti_clock_locked, 5'000'000);

    second.refuses = true;
    puppet = &second;
    CHECK_FALSE(bridge.start(source, "{}", error));
    CHECK_EQ(error, "not today");
    CHECK_EQ(first.running, 1);
    first.say(tutti_clock_locked, 6'000'000);
    CHECK_EQ(bridge.relation().media_ns, 6'000'000);
}

TEST_CASE("Clock bridge: a source that knows the time takes over at once, and the old one is heard no more") {
    Puppet first;
    Puppet second;
    puppet = &first;
    ClockBridge bridge;
    std::string error;
    REQUIRE(bridge.start(source, "{}", error));
    first.say(tutti_clock_locked, 5'000'000);

    second.first.size = sizeof second.first;
    second.first.abi = TUTTI_ABI;
    second.first.state = tutti_clock_locked;
    second.first.local_ns = 1'000;
    second.first.media_ns = 9'000'000;
    puppet = &second;
    REQUIRE(bridge.start(source, "{}", error));
    CHECK_EQ(first.running, 0);
    CHECK_EQ(second.running, 1);
    CHECK_EQ(bridge.relation().media_ns, 9'000'000);
}

TEST_CASE("Clock bridge: numbers that no clock can have are not taken") {
    Puppet first;
    puppet = &first;
    ClockBridge bridge;
    std::string error;
    REQUIRE(bridge.start(source, "{}", error));
    first.say(tutti_clock_locked, 5'000'000);
    first.say(tutti_clock_locked, -1);
    first.say(17, 6'000'000);
    CHECK_EQ(bridge.relation().media_ns, 5'000'000);
}

TEST_CASE("Clock bridge: a report of any length comes whole, an endless one not at all") {
    Puppet first;
    puppet = &first;
    ClockBridge bridge;
    CHECK_EQ(bridge.report(), "");
    std::string error;
    REQUIRE(bridge.start(source, "{}", error));
    report_text = "{\"role\":\"follower\"}";
    CHECK_EQ(bridge.report(), report_text);
    report_text.assign(100'000, ' ');
    CHECK_EQ(bridge.report(), report_text);
    report_text.assign(1'000'000, ' ');
    CHECK_EQ(bridge.report(), "");
}

} // namespace clock_bridge_test
