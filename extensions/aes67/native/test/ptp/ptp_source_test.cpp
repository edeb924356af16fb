// The source with its real sockets and thread, on the loopback interface.
#include <doctest/doctest.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "loopback_master.hpp"
#include "ptp/ptp_source.hpp"
#include "system_clock.hpp"

using namespace tutti::aes67;
using namespace tutti::aes67::ptp;
using namespace tutti::aes67::ptp::test;
using namespace std::chrono_literals;

namespace ptp_source_test {

namespace {

// Where a source under test publishes.
class Published {
  public:
    static void publish(void* context, const tutti_clock_relation* relation) {
        auto& self = *static_cast<Published*>(context);
        const std::lock_guard lock(self.mutex_);
        self.relations_.push_back(*relation);
    }
    std::vector<tutti_clock_relation> all() const {
        const std::lock_guard lock(mutex_);
        return relations_;
    }
    bool wait_for(tutti_clock_state state) const {
        for (int i = 0; i < 3000; ++i, std::this_thread::sleep_for(5ms)) {
            const std::lock_guard lock(mutex_);
            if (!relations_.empty() && relations_.back().state == state)
                return true;
        }
        return false;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<tutti_clock_relation> relations_;
};

std::mutex logged_mutex;
std::set<std::string> logged; // codes
const tutti_host host = {sizeof(tutti_host), TUTTI_ABI, [](int, const char* code, const char*) {
                             const std::lock_guard lock(logged_mutex);
                             logged.insert(code);
                         }};

bool was_logged(const char* code) {
    const std::lock_guard lock(logged_mutex);
    return logged.count(code) > 0;
}

// Runs of the tests beside each other must not hear each other.
uint8_t own_domain() {
    return static_cast<uint8_t>(64 + getpid() % 64);
}

bool may_use_ports() {
    Sockets sockets;
    const auto loopback = find_interface("127.0.0.1");
    REQUIRE(loopback);
    const std::string error = sockets.open(*loopback, false);
    if (error.empty())
        return true;
    // Without the right to use ports below 1024 the refusal is what there is to test.
    MESSAGE("no PTP over real sockets here: " << error);
    CHECK(error.find("CAP_NET_BIND_SERVICE") != std::string::npos);
    return false;
}

std::string report_of(const tutti_clock_source& source, void* clock) {
    std::string text(64 * 1024, '\0');
    text.resize(source.report(clock, text.data(), text.size()));
    return text;
}

std::string options_for(const char* interface, const char* delay_request = "multicast") {
    return std::string("{\"interface\": \"") + interface + "\", \"domain\": " + std::to_string(own_domain()) +
           ", \"delayRequest\": \"" + delay_request + "\"}";
}

} // namespace

TEST_CASE("PTP source: it locks to a master over real sockets and publishes that master's time") {
    if (!may_use_ports())
        return;
    constexpr int64_t offset =
        -1'000'000'000LL * 1'000'000'000; // of another age, so that nobody is right by chance
    for (const std::string mode : {"multicast", "hybrid"}) {
        CAPTURE(mode);
        Published published;
        LoopbackMaster master(own_domain(), offset);
        REQUIRE(master.error() == "");
        char error[256] = "";
        const tutti_clock_source& source = ptp_clock_source(&host);
        void* clock = source.start(options_for("lo", mode.c_str()).c_str(), Published::publish, &published,
                                   error, sizeof error);
        REQUIRE_MESSAGE(clock, error);
        REQUIRE(!published.all().empty());
        CHECK(published.all().front().state == tutti_clock_listening);
        const bool locked = published.wait_for(tutti_clock_locked);
        const ClockPair truth = read_clock_pair(CLOCK_REALTIME);
        const tutti_clock_relation relation = published.all().back();
        const ClockStatus status = static_cast<PtpSource*>(clock)->status();
        source.stop(clock);

        REQUIRE(locked);
        CHECK(relation.generation == 2);
        CHECK(relation.has_grandmaster == 1);
        CHECK(relation.grandmaster[7] == 5);
        CHECK(relation.domain == own_domain());
        const int64_t elapsed = truth.local_ns - relation.local_ns;
        const int64_t media = relation.media_ns + elapsed;
        CHECK(std::llabs(media - (truth.wall_ns + offset)) < 20'000'000);
        CHECK(status.counters.refused == 0);
        CHECK(master.requests() >= 2);
        CHECK(master.last_tos() == 46 << 2);
        if (mode == "multicast")
            CHECK(master.last_ttl() == 1);
        CHECK(was_logged("clock.ptp.step"));
        CHECK_FALSE(was_logged("clock.ptp.user-timestamps"));
        const size_t count = published.all().size();
        std::this_thread::sleep_for(250ms);
        CHECK(published.all().size() == count); // nothing after stop
    }
}

TEST_CASE("PTP source: two of them share the ports and follow the same master") {
    if (!may_use_ports())
        return;
    Published first;
    Published second;
    LoopbackMaster master(own_domain(), 0);
    REQUIRE(master.error() == "");
    const tutti_clock_source& source = ptp_clock_source(&host);
    const std::string options = options_for("127.0.0.1");
    void* one = source.start(options.c_str(), Published::publish, &first, nullptr, 0);
    void* two = source.start(options.c_str(), Published::publish, &second, nullptr, 0);
    REQUIRE(one != nullptr);
    REQUIRE(two != nullptr);
    CHECK(first.wait_for(tutti_clock_locked));
    CHECK(second.wait_for(tutti_clock_locked));
    source.stop(one);
    source.stop(two);
}

TEST_CASE("PTP source: one that is grandmaster and one that follows it, over real sockets") {
    if (!may_use_ports())
        return;
    Published leading;
    Published following;
    const tutti_clock_source& source = ptp_clock_source(&host);
    // The profile with the shortest announce timeout.
    const std::string options =
        R"({"interface": "lo", "profile": "st2059-2", "domain": )" + std::to_string(own_domain());
    void* leader = source.start((options + R"(, "grandmaster": true, "priority1": 240})").c_str(),
                                Published::publish, &leading, nullptr, 0);
    void* follower = source.start((options + "}").c_str(), Published::publish, &following, nullptr, 0);
    REQUIRE(leader != nullptr);
    REQUIRE(follower != nullptr);
    const bool leads = leading.wait_for(tutti_clock_free_run);
    const bool locked = following.wait_for(tutti_clock_locked);
    std::this_thread::sleep_for(1s);
    const std::string leader_says = report_of(source, leader);
    const std::string follower_says = report_of(source, follower);
    const tutti_clock_relation one = leading.all().back();
    const tutti_clock_relation two = following.all().back();
    source.stop(follower);
    source.stop(leader);

    REQUIRE(leads);
    REQUIRE(locked);
    CHECK(one.has_grandmaster == 1);
    CHECK(std::equal(one.grandmaster, one.grandmaster + 8, two.grandmaster));
    CHECK(std::llabs((one.media_ns - one.local_ns) - (two.media_ns - two.local_ns)) < 20'000'000);
    CHECK(one.generation == 1);
    CHECK(was_logged("clock.ptp.grandmaster"));
    CHECK(leader_says.find(R"("role":"grandmaster")") != std::string::npos);
    CHECK(leader_says.find(R"("priority1":240)") != std::string::npos);
    CHECK(leader_says.find(R"({"name":"lo","address":"127.0.0.1","timestamping":"kernel",)"
                           R"("reason":"the network card has no clock"})") != std::string::npos);
    CHECK(follower_says.find(R"("role":"follower")") != std::string::npos);
    CHECK(follower_says.find(R"("reason":"the only one on domain )") != std::string::npos);
    CHECK(follower_says.find(R"("offsetNs":)") != std::string::npos);
}

TEST_CASE("PTP source: a report that does not fit is asked for again, and nothing is written") {
    Published published;
    const tutti_clock_source& source = ptp_clock_source(nullptr);
    void* clock = source.start(R"({"interface": "nowhere0"})", Published::publish, &published, nullptr, 0);
    REQUIRE(clock != nullptr);
    char little[4] = "abc";
    const size_t length = source.report(clock, little, sizeof little);
    CHECK(std::string(little) == "abc");
    std::string text(length + 1, 'x');
    CHECK(source.report(clock, text.data(), text.size()) == length);
    CHECK(text[length] == '\0');
    CHECK(text.find(R"("interfaces":[])") != std::string::npos);
    source.stop(clock);
}

TEST_CASE("PTP source: an interface that is not there is waited for, listening") {
    Published published;
    const tutti_clock_source& source = ptp_clock_source(&host);
    char error[256] = "";
    void* clock =
        source.start(R"({"interface": "nowhere0"})", Published::publish, &published, error, sizeof error);
    REQUIRE_MESSAGE(clock, error);
    CHECK(published.wait_for(tutti_clock_listening));
    std::this_thread::sleep_for(250ms);
    source.stop(clock);
    CHECK(published.all().size() >= 2); // a sign of life
    CHECK(was_logged("clock.ptp.interface-missing"));
    const ClockPair tai = read_clock_pair(CLOCK_TAI);
    const tutti_clock_relation last = published.all().back();
    CHECK(std::llabs(last.media_ns - last.local_ns - (tai.wall_ns - tai.local_ns)) < 10'000'000);
    CHECK(last.rate_deviation == 0);
}

TEST_CASE("PTP source: one whose interface is not there yet is not taken for another such one") {
    Published published;
    const tutti_clock_source& source = ptp_clock_source(nullptr);
    std::set<ClockIdentity> identities;
    for (int i = 0; i < 3; ++i) {
        void* clock = source.start(R"({"interface": "nosuch0"})", Published::publish, &published, nullptr, 0);
        REQUIRE(clock != nullptr);
        const ClockIdentity identity = static_cast<PtpSource*>(clock)->status().identity.clock;
        source.stop(clock);
        CHECK((identity[5] | identity[6] | identity[7]) != 0);
        CHECK((identity[0] & 3) == 2); // nobody's product, and no group's
        identities.insert(identity);
    }
    CHECK(identities.size() == 3);
}

TEST_CASE("PTP source: it starts and stops at once, again and again") {
    if (!may_use_ports())
        return;
    Published published;
    const tutti_clock_source& source = ptp_clock_source(nullptr);
    for (int i = 0; i < 20; ++i) {
        void* clock = source.start(options_for("lo").c_str(), Published::publish, &published, nullptr, 0);
        REQUIRE(clock != nullptr);
        source.stop(clock);
    }
    CHECK(published.all().size() >= 20);
}

TEST_CASE("PTP source: bad options are refused with a sentence") {
    const tutti_clock_source& source = ptp_clock_source(nullptr);
    char error[256] = "";
    CHECK(source.start(R"({"domain": 200})", Published::publish, nullptr, error, sizeof error) == nullptr);
    CHECK(std::string(error).find("0 to 127") != std::string::npos);
    CHECK(source.start("{}", nullptr, nullptr, error, sizeof error) == nullptr);
    CHECK(std::string(error).find("without a function") != std::string::npos);
    CHECK(source.start("nonsense", Published::publish, nullptr, nullptr, 0) == nullptr);
}

} // namespace ptp_source_test
