#include "source_policy.hpp"

#include <doctest/doctest.h>

using namespace tutti;

namespace source_policy_test {

namespace {
constexpr int64_t packet_ns = 1'000'000;
constexpr uint32_t alice = 0x0100000A;
constexpr uint32_t bob = 0x0200000A;
} // namespace

TEST_CASE("a second sender on the group is kept out while the first one sends") {
    SourcePolicy policy({});
    CHECK(policy.add(alice, 1, 0, packet_ns) == SourceVerdict::accept);
    CHECK(policy.add(bob, 2, packet_ns / 2, packet_ns) == SourceVerdict::conflict);
    CHECK(policy.add(alice, 1, packet_ns, packet_ns) == SourceVerdict::accept);
}

TEST_CASE("another sender takes over when the first one was silent for more than ten packets") {
    SourcePolicy policy({});
    policy.add(alice, 1, 0, packet_ns);
    CHECK(policy.add(bob, 2, 10 * packet_ns, packet_ns) == SourceVerdict::conflict);
    CHECK(policy.add(bob, 2, 10 * packet_ns + 1, packet_ns) == SourceVerdict::accept_changed);
}

TEST_CASE("how long the first one may be silent is counted in its own packets, however short another's are") {
    SourcePolicy policy({});
    policy.add(alice, 1, 0, packet_ns);
    CHECK(policy.add(bob, 2, 2 * packet_ns, packet_ns / 8) == SourceVerdict::conflict);
    CHECK(policy.add(bob, 2, 10 * packet_ns + 1, packet_ns / 8) == SourceVerdict::accept_changed);
}

TEST_CASE("a sender that restarted with a new SSRC is taken at once") {
    SourcePolicy policy({});
    policy.add(alice, 1, 0, packet_ns);
    CHECK(policy.add(alice, 7, packet_ns, packet_ns) == SourceVerdict::accept_changed);
}

TEST_CASE("with a source filter nobody else is heard") {
    SourcePolicy policy({alice});
    CHECK(policy.add(bob, 2, 0, packet_ns) == SourceVerdict::wrong_source);
    CHECK(policy.add(alice, 1, 1, packet_ns) == SourceVerdict::accept);
}

} // namespace source_policy_test
