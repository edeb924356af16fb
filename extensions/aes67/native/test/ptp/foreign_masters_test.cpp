#include <doctest/doctest.h>

#include "ptp/foreign_masters.hpp"
#include "simulation.hpp"

using namespace tutti::aes67::ptp;

namespace foreign_masters_test {
using tutti::aes67::ptp::test::master;
using tutti::aes67::ptp::test::second;

namespace {

// Announces of simulated masters, told to a table by hand.
class Air {
  public:
    explicit Air(ForeignMasters& table) : table_(table) {}
    void announce(const test::SimulatedMaster& from, int64_t now) {
        Header header;
        header.domain = from.domain;
        header.source = from.identity;
        header.flags = from.flags;
        header.log_interval = from.log_announce;
        header.sequence = ++sequence_;
        table_.hear(header, from.announce, {}, now);
    }
    void repeat(const test::SimulatedMaster& from, int64_t now) {
        --sequence_;
        announce(from, now);
    }

  private:
    ForeignMasters& table_;
    uint16_t sequence_ = 0;
};

const Candidate& line_of(const std::vector<Candidate>& table, const test::SimulatedMaster& which) {
    for (const Candidate& candidate : table) {
        if (candidate.sender == which.identity)
            return candidate;
    }
    FAIL("not in the table");
    return table.front();
}

} // namespace

TEST_CASE("BMCA: data sets are compared in the order of IEEE 1588-2008 figure 27") {
    const Announce base = master(5, 0).announce;
    const PortIdentity one = master(1, 0).identity;
    const PortIdentity two = master(2, 0).identity;
    const auto winner_by = [&](auto change) {
        Announce better = base;
        better.grandmaster[7] = 9; // loses by identity
        change(better);
        const Comparison forth = compare(better, two, base, one);
        const Comparison back = compare(base, one, better, two);
        CHECK(forth.first_is_better);
        CHECK_FALSE(back.first_is_better);
        CHECK(bool{forth.criterion == back.criterion});
        return forth.criterion;
    };
    // Each also loses in all that is looked at later.
    CHECK(bool{winner_by([](Announce& a) {
                   a.priority1 = 127;
                   a.clock_class = 255;
               }) == Criterion::priority1});
    CHECK(bool{winner_by([](Announce& a) {
                   a.clock_class = 6;
                   a.accuracy = 0xFF;
               }) == Criterion::clock_class});
    CHECK(bool{winner_by([](Announce& a) {
                   a.accuracy = 0x21;
                   a.variance = 0xFFFF;
               }) == Criterion::accuracy});
    CHECK(bool{winner_by([](Announce& a) {
                   a.variance = 0x4E5D;
                   a.priority2 = 255;
               }) == Criterion::variance});
    CHECK(bool{winner_by([](Announce& a) { a.priority2 = 1; }) == Criterion::priority2});
    CHECK(bool{winner_by([](Announce& a) { a.grandmaster[7] = 1; }) == Criterion::grandmaster_identity});
}

TEST_CASE("BMCA: the same grandmaster is taken over the shorter way, whatever its data set says") {
    Announce near = master(5, 0).announce;
    Announce far = near;
    far.priority1 = 1;
    far.steps_removed = 2;
    const PortIdentity one = master(1, 0).identity;
    const PortIdentity two = master(2, 0).identity;
    CHECK(compare(near, two, far, one).first_is_better);
    far = near;
    CHECK(compare(near, one, far, two).first_is_better);
    CHECK(bool{compare(near, one, far, two).criterion == Criterion::sender_identity});
    CHECK(bool{compare(near, one, near, one).criterion == Criterion::receiver});
}

TEST_CASE("Foreign masters: two Announce within four intervals qualify, one and a repetition do not") {
    ForeignMasters table(0);
    Air air(table);
    const auto slow = master(1, 0); // 2 s
    air.announce(slow, 0);
    REQUIRE(table.elect(0));
    CHECK_FALSE(table.elect(0)->qualified);
    air.repeat(slow, second);
    CHECK_FALSE(table.elect(second)->qualified);
    air.announce(slow, 2 * second);
    CHECK(table.elect(2 * second)->qualified);
}

TEST_CASE("Foreign masters: two Announce too far apart do not qualify") {
    ForeignMasters table(0);
    Air air(table);
    const auto rare = master(1, 0);
    air.announce(rare, 0);
    air.announce(rare, 9 * second);
    REQUIRE(table.elect(9 * second));
    CHECK_FALSE(table.elect(9 * second)->qualified);
}

TEST_CASE("Foreign masters: the receipt timeout follows the received interval") {
    for (const int8_t log : {-2, 0, 1, 4}) {
        CAPTURE(int{log});
        ForeignMasters table(0);
        Air air(table);
        auto one = master(1, 0);
        one.log_announce = log;
        const int64_t interval = log >= 0 ? second << log : second >> -log;
        air.announce(one, 0);
        air.announce(one, interval);
        CHECK(table.elect(4 * interval - 1)->qualified);
        CHECK_FALSE(table.elect(4 * interval));
        CHECK(bool{table.table().front().standing == Standing::silent});
    }
}

TEST_CASE("Foreign masters: a better one takes over once it is qualified, not before") {
    ForeignMasters table(0);
    Air air(table);
    const auto good = master(1, 0);
    auto better = master(2, 0);
    better.announce.priority1 = 10;
    air.announce(good, 0);
    air.announce(good, 2 * second);
    table.elect(2 * second);
    air.announce(better, 3 * second);
    CHECK(bool{table.elect(3 * second)->sender == good.identity});
    air.announce(better, 5 * second);
    CHECK(bool{table.elect(5 * second)->sender == better.identity});
}

TEST_CASE("Foreign masters: the election table says of everybody why") {
    ForeignMasters table(0);
    Air air(table);
    const auto winner = master(1, 0);
    auto loser = master(2, 0);
    loser.announce.clock_class = 249;
    auto elsewhere = master(3, 0);
    elsewhere.domain = 127;
    elsewhere.announce.priority1 = 1;
    auto too_far = master(4, 0);
    too_far.announce.steps_removed = 255;
    too_far.announce.priority1 = 1;
    auto alternate = master(6, 0);
    alternate.flags |= flag::alternate_master;
    alternate.announce.priority1 = 1;
    const auto newcomer = master(5, 0);
    for (int64_t now = 0; now <= 4 * second; now += 2 * second) {
        for (const auto& each : {winner, loser, elsewhere, too_far, alternate})
            air.announce(each, now);
    }
    air.announce(newcomer, 4 * second);
    CHECK(bool{table.elect(4 * second)->sender == winner.identity});
    const auto lines = table.table();
    CHECK(lines.size() == 6);
    CHECK(bool{lines.front().sender == winner.identity});
    CHECK(bool{line_of(lines, winner).standing == Standing::followed});
    CHECK(bool{line_of(lines, loser).standing == Standing::outvoted});
    CHECK(std::string(to_text(line_of(lines, loser).criterion)) == "clockClass");
    CHECK(bool{line_of(lines, elsewhere).standing == Standing::other_domain});
    CHECK(bool{line_of(lines, too_far).standing == Standing::invalid});
    CHECK(bool{line_of(lines, alternate).standing == Standing::invalid});
    CHECK(bool{line_of(lines, newcomer).standing == Standing::unqualified});
}

TEST_CASE(
    "Foreign masters: a flood of invented ones neither grows the table nor displaces who is qualified") {
    ForeignMasters table(0);
    Air air(table);
    const auto real = master(1, 0);
    auto runner_up = master(2, 0);
    runner_up.announce.priority1 = 200;
    int64_t now = 0;
    for (int i = 0; i < 30; ++i) {
        now += 2 * second;
        air.announce(real, now);
        air.announce(runner_up, now);
        for (int fake = 0; fake < 1000; ++fake) {
            auto invented = master(0, 0);
            invented.identity.port = static_cast<uint16_t>(i * 1000 + fake);
            invented.announce.priority1 = 0;
            air.announce(invented, now + fake);
        }
        const auto choice = table.elect(now + 1000);
        if (i > 0)
            CHECK(bool{choice && choice->sender == real.identity});
        CHECK(table.table().size() <= ForeignMasters::capacity);
    }
    CHECK(bool{line_of(table.table(), runner_up).standing == Standing::outvoted});
}

TEST_CASE("Foreign masters: a full table of those that cannot win keeps nobody out who can") {
    for (const int kind : {0, 1, 2}) {
        CAPTURE(kind);
        ForeignMasters table(0);
        Air air(table);
        const auto announce_useless = [&](int64_t now) {
            for (size_t i = 0; i < ForeignMasters::capacity; ++i) {
                auto useless = master(static_cast<uint8_t>(i + 2), 0);
                useless.announce.priority1 = 0;
                useless.domain = kind == 0 ? 5 : 0;
                useless.announce.steps_removed = kind == 1 ? 255 : 0;
                useless.flags |= kind == 2 ? flag::alternate_master : 0;
                air.announce(useless, now);
            }
        };
        const auto real = master(1, 0);
        announce_useless(0);
        announce_useless(2 * second);
        air.announce(real, 3 * second);
        announce_useless(4 * second);
        air.announce(real, 5 * second);
        const auto choice = table.elect(5 * second);
        REQUIRE(choice);
        CHECK(bool{choice->sender == real.identity});
        CHECK(choice->qualified);
        CHECK(table.table().size() == ForeignMasters::capacity);
    }
}

TEST_CASE("Foreign masters: in a full table the worst makes room for a better one, and for no worse one") {
    ForeignMasters table(0);
    Air air(table);
    for (int64_t now = 0; now <= 2 * second; now += 2 * second) {
        for (size_t i = 0; i < ForeignMasters::capacity; ++i) {
            auto one = master(static_cast<uint8_t>(i + 1), 0);
            one.announce.priority1 = static_cast<uint8_t>(100 + i);
            air.announce(one, now);
        }
    }
    auto worse = master(200, 0);
    worse.announce.priority1 = 240;
    auto better = master(201, 0);
    better.announce.priority1 = 10;
    air.announce(better, 3 * second);
    air.announce(better, 4 * second);
    air.announce(worse, 4 * second);
    air.announce(worse, 5 * second);
    const auto choice = table.elect(5 * second);
    REQUIRE(choice);
    CHECK(bool{choice->sender == better.identity});
    const auto lines = table.table();
    CHECK(lines.size() == ForeignMasters::capacity);
    for (const Candidate& each : lines) {
        CHECK(each.announce.priority1 != 240);
        CHECK(each.announce.priority1 != 100 + ForeignMasters::capacity - 1);
    }
}

TEST_CASE("Foreign masters: a silent one is shown for a minute and then forgotten") {
    ForeignMasters table(0);
    Air air(table);
    air.announce(master(1, 0), 0);
    CHECK_FALSE(table.elect(59 * second));
    CHECK(table.table().size() == 1);
    table.elect(61 * second);
    CHECK(table.table().empty());
}

} // namespace foreign_masters_test
