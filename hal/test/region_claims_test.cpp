#include "client/region_claims.hpp"

#include "region_keeper.hpp"
#include "scratch.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <vector>

using namespace tutti::hal;
using namespace tutti::hal::test;

namespace region_claims_test {

namespace {

struct Client {
    explicit Client(const std::string& path) : problem(mapping.open(path)) {}
    RegionMapping mapping;
    RegionProblem problem;
    RegionClaims claims{mapping};
};

struct Fixture {
    Fixture() : keeper(options()) {}
    static KeeperOptions options() {
        KeeperOptions options;
        options.path = scratch_path("claims");
        options.inputs = options.outputs = 16;
        return options;
    }
    RegionKeeper keeper;
    std::string path = scratch_path("claims");
};

} // namespace

TEST_CASE("an output channel has one owner, and a conflict names the channel and its holder") {
    Fixture f;
    Client first(f.path);
    Client second(f.path);
    CHECK_FALSE(first.claims.claim_outputs(4, 4));
    first.claims.describe(TUTTI_CLIENT_PLAYBACK, 4, 4, "first");
    const auto conflict = second.claims.claim_outputs(2, 4);
    REQUIRE(conflict);
    CHECK(conflict->channel == 4);
    CHECK(conflict->holder == "first (pid " + std::to_string(getpid()) + ")");
    // Nothing of the refused claim stays: a third client may have the channels before it.
    Client third(f.path);
    CHECK_FALSE(third.claims.claim_outputs(2, 2));
}

TEST_CASE("a claim moves as a whole, and keeps what both have in common") {
    Fixture f;
    Client first(f.path);
    Client second(f.path);
    CHECK_FALSE(first.claims.claim_outputs(0, 8));
    CHECK_FALSE(first.claims.claim_outputs(4, 8));
    CHECK_FALSE(second.claims.claim_outputs(0, 4));
    CHECK(second.claims.claim_outputs(0, 5));
    first.claims.release();
    CHECK_FALSE(second.claims.claim_outputs(0, 16));
}

TEST_CASE("a client describes itself in a slot of its own, which goes with it") {
    Fixture f;
    const tutti_region_client* slots = f.keeper.header().clients;
    {
        Client first(f.path);
        Client second(f.path);
        first.claims.describe(TUTTI_CLIENT_CAPTURE, 0, 2,
                              "a name that is longer than the slot has room for, by far");
        second.claims.describe(TUTTI_CLIENT_PLAYBACK, 8, 1, "second");
        second.claims.count_xrun();
        CHECK(slots[0].direction == TUTTI_CLIENT_CAPTURE);
        CHECK(slots[0].name[sizeof(slots[0].name) - 1] == '\0');
        CHECK(slots[1].direction == TUTTI_CLIENT_PLAYBACK);
        CHECK(slots[1].pid == static_cast<uint32_t>(getpid()));
        CHECK(slots[1].first == 8);
        CHECK(slots[1].xruns == 1);
        CHECK(std::string(slots[1].name) == "second");
    }
    CHECK(slots[0].direction == TUTTI_CLIENT_FREE);
    Client third(f.path);
    third.claims.describe(TUTTI_CLIENT_PLAYBACK, 0, 1, "third");
    CHECK(slots[0].direction == TUTTI_CLIENT_PLAYBACK);
    CHECK(slots[0].xruns == 0);
}

TEST_CASE("a client without a free slot still works") {
    Fixture f;
    std::vector<std::unique_ptr<Client>> clients;
    for (unsigned i = 0; i <= TUTTI_REGION_CLIENTS; ++i) {
        clients.push_back(std::make_unique<Client>(f.path));
        clients.back()->claims.describe(TUTTI_CLIENT_CAPTURE, 0, 1, "one of many");
    }
    clients.back()->claims.count_xrun();
    CHECK_FALSE(clients.back()->claims.claim_outputs(0, 1));
}

TEST_CASE("what a process held is free once it was killed") {
    Fixture f;
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    const pid_t child = fork();
    if (child == 0) {
        Client client(f.path);
        client.claims.claim_outputs(0, 16);
        client.claims.describe(TUTTI_CLIENT_PLAYBACK, 0, 16, "doomed");
        if (write(ready[1], "!", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    char byte = 0;
    REQUIRE(read(ready[0], &byte, 1) == 1);
    Client client(f.path);
    const auto conflict = client.claims.claim_outputs(3, 1);
    REQUIRE(conflict);
    CHECK(conflict->holder == "doomed (pid " + std::to_string(child) + ")");
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    CHECK_FALSE(client.claims.claim_outputs(0, 16));
    client.claims.describe(TUTTI_CLIENT_PLAYBACK, 0, 16, "heir");
    CHECK(std::string(f.keeper.header().clients[0].name) == "heir"); // the slot is free again, too
    close(ready[0]);
    close(ready[1]);
}

} // namespace region_claims_test
