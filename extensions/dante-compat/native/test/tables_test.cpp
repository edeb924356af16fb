// What the observer remembers of others: bounded, whatever comes in.
#include <doctest/doctest.h>

#include "follow_up_pairing.hpp"
#include "leader_table.hpp"
#include "message_rate.hpp"
#include "presence.hpp"
#include "v1_writer.hpp"

using namespace tutti::dante_compat;
using namespace tutti::dante_compat::test;

namespace tables_test {

namespace {

constexpr int64_t second = 1'000'000'000;

PortId port(uint8_t id) {
    return {{0, 0x1D, 0xC1, 0, 0, id}, 1};
}

const Leader* hear(LeaderTable& table, uint8_t id, int64_t now, const char* name = "_DFLT") {
    Header header = dante_header(port(id));
    header.subdomain = subdomain(name);
    return table.hear(header, dante_sync(port(id).uuid), 0, now);
}

size_t listed(const LeaderTable& table, int64_t now) {
    size_t count = 0;
    table.each(now, [&count](const Leader&) { ++count; });
    return count;
}

} // namespace

TEST_CASE("PTPv1 leaders: a leader is heard until it misses four Syncs, and listed for a minute") {
    LeaderTable table;
    const Leader* leader = hear(table, 1, second);
    REQUIRE(leader != nullptr);
    CHECK(LeaderTable::is_heard(*leader, 2 * second));
    CHECK_FALSE(LeaderTable::is_heard(*leader, 2 * second + 1));
    CHECK(table.best(subdomain("_DFLT"), 2 * second) == leader);
    CHECK(table.best(subdomain("_ALT1"), 2 * second) == nullptr);
    CHECK(table.best(subdomain("_DFLT"), 3 * second) == nullptr);
    CHECK(listed(table, 60 * second) == 1);
    CHECK(listed(table, 61 * second) == 0);
    CHECK(hear(table, 1, 61 * second)->syncs == 1); // counted anew
}

TEST_CASE("PTPv1 leaders: of several, preferred ones come first, then stratum, steps and uuid") {
    LeaderTable table;
    const auto best = [&table] { return table.best(subdomain("_DFLT"), second)->id.uuid[5]; };
    const auto add = [&table](uint8_t id, uint8_t stratum, bool preferred, uint16_t steps) {
        Sync sync = dante_sync(port(id).uuid);
        sync.stratum = stratum;
        sync.preferred = preferred;
        sync.steps_removed = steps;
        table.hear(dante_header(port(id)), sync, 0, second);
    };
    add(9, 153, false, 1);
    CHECK(best() == 9);
    add(8, 153, false, 1);
    CHECK(best() == 8);
    add(7, 154, false, 0);
    CHECK(best() == 8);
    add(10, 153, false, 0);
    CHECK(best() == 10);
    add(11, 4, false, 3);
    CHECK(best() == 11);
    add(12, 200, true, 3);
    CHECK(best() == 12);
}

TEST_CASE("PTPv1 leaders: a flood of forged ones displaces nobody who is heard, and is forgotten") {
    LeaderTable table;
    hear(table, 0, second);
    size_t listed_new = 0;
    for (int i = 1; i < 200; ++i)
        listed_new += hear(table, static_cast<uint8_t>(i), second) != nullptr;
    CHECK(listed_new == LeaderTable::capacity - 1);
    CHECK(table.find(subdomain("_DFLT"), port(0)) != nullptr);
    hear(table, 0, 3 * second);
    CHECK(hear(table, 201, 3 * second) != nullptr);
    CHECK(table.find(subdomain("_DFLT"), port(0)) != nullptr);
}

TEST_CASE("PTPv1 leaders: one clock in two subdomains is two leaders") {
    LeaderTable table;
    hear(table, 1, second);
    hear(table, 1, second, "_ALT2");
    CHECK(listed(table, second) == 2);
}

TEST_CASE("PTPv1 pairing: Sync and Follow_Up meet in either order, once, by sequence") {
    FollowUpPairing pairing;
    CHECK_FALSE(pairing.two_step_sync(1, 100));
    CHECK_FALSE(pairing.follow_up(2, 2000));
    auto pair = pairing.follow_up(1, 1000);
    REQUIRE(pair);
    CHECK(pair->local_ns == 100);
    CHECK(pair->master_ns == 1000);
    CHECK_FALSE(pairing.follow_up(1, 1000)); // doubled
    pair = pairing.two_step_sync(2, 200);
    REQUIRE(pair);
    CHECK(pair->master_ns == 2000);
    CHECK_FALSE(pairing.two_step_sync(2, 201));
    REQUIRE(pairing.sync(3, 300, 3000));
    CHECK_FALSE(pairing.sync(3, 301, 3000));
    CHECK_FALSE(pairing.two_step_sync(4, 400));
    CHECK_FALSE(pairing.two_step_sync(8, 800)); // takes its place
    CHECK_FALSE(pairing.follow_up(4, 4000));
}

TEST_CASE("PTPv1 rates: messages of the last seconds, and none long after") {
    MessageRate rate;
    CHECK(rate.per_second(0) == 0);
    for (int i = 0; i < 80; ++i)
        rate.count(i * second / 4);
    CHECK(rate.per_second(20 * second) == doctest::Approx(4));
    CHECK(rate.per_second(24 * second) == doctest::Approx(2));
    CHECK(rate.per_second(100 * second) == 0);
}

TEST_CASE("PTPv1 presence: each clock that asks counts once, for a minute") {
    Presence presence;
    for (int round = 0; round < 3; ++round) {
        for (uint8_t id = 0; id < 10; ++id)
            presence.hear(port(id).uuid, round * second);
    }
    CHECK(presence.count(3 * second) == 10);
    CHECK(presence.count(61 * second) == 10);
    CHECK(presence.count(62 * second) == 0);
    for (int i = 0; i < 1000; ++i)
        presence.hear({0, 0, 0, 0, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)}, 100 * second);
    CHECK(presence.count(100 * second) == Presence::capacity);
}

} // namespace tables_test
