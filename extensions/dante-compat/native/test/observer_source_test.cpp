// The source with its real sockets and thread, on the loopback interface.
#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/ip.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "clock_kit.hpp"
#include "json_check.hpp"
#include "loopback_leader.hpp"
#include "observer_source.hpp"
#include "own_network.hpp"
#include "v1_writer.hpp"

using namespace tutti::dante_compat;
using namespace tutti::dante_compat::test;
using namespace std::chrono_literals;

namespace observer_source_test {

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

const tutti_clock_source& source() {
    return observer_clock_source(&host);
}

void* start(const char* options, Published& published) {
    char error[256] = "";
    void* clock = source().start(options, Published::publish, &published, error, sizeof error);
    REQUIRE_MESSAGE(clock, error);
    return clock;
}

std::string report_of(void* clock) {
    char text[8192] = "";
    REQUIRE(source().report(clock, text, sizeof text) < sizeof text);
    return text;
}

bool may_use_ports() {
    ObserverSockets sockets;
    const auto loopback = find_interface("127.0.0.1");
    REQUIRE(loopback);
    const std::string error = sockets.open(*loopback);
    if (error.empty())
        return true;
    // Without the right to use ports below 1024 the refusal is what there is to test.
    MESSAGE("no PTPv1 over real sockets here: " << error);
    CHECK(error.find("CAP_NET_BIND_SERVICE") != std::string::npos);
    return false;
}

constexpr const char* on_loopback = R"({"interface": "127.0.0.1"})";

} // namespace

TEST_CASE("PTPv1 source: it locks to a leader on the network, counts from its boot, and sends nothing") {
    const OwnNetwork network;
    if (!may_use_ports())
        return;
    const int64_t since_boot = 700'000'000'000 - read_clock_pair(CLOCK_REALTIME).wall_ns;
    // Sees what leaves the interface.
    const int outgoing = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL));
    const int room = 8 << 20;
    setsockopt(outgoing, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    Published published;
    LoopbackLeader leader(since_boot);
    REQUIRE(leader.error() == "");
    void* clock = start(on_loopback, published);
    CHECK(published.all().front().state == tutti_clock_listening);
    const bool locked = published.wait_for(tutti_clock_locked);
    std::this_thread::sleep_for(1500ms); // reports are made twice a second, rates of whole seconds
    const std::string report = report_of(clock);
    source().stop(clock);
    const ClockPair truth = read_clock_pair(CLOCK_REALTIME);
    leader.end();
    REQUIRE(locked);
    const tutti_clock_relation relation = published.all().back();
    CHECK(relation.generation == 2);
    CHECK(relation.has_grandmaster == 1);
    CHECK(relation.grandmaster[7] == 5);
    const int64_t media = relation.media_ns + (truth.local_ns - relation.local_ns);
    CHECK(std::llabs(media - (truth.wall_ns + since_boot)) < 20'000'000);
    CHECK(relation.error_ns >= Observer::unknown_delay_ns);
    CAPTURE(report);
    CHECK(is_json(report));
    CHECK(report.find(R"("identity":"00-1D-C1-FF-FE-03-04-05")") != std::string::npos);
    CHECK(report.find(R"("followers":1)") != std::string::npos);
    CHECK(report.find(R"("timestamping":"kernel")") != std::string::npos);
    for (const char* code : {"clock.ptpv1.leader", "clock.ptpv1.step", "clock.ptpv1.state"})
        CHECK(was_logged(code));
    CHECK_FALSE(was_logged("clock.ptpv1.user-timestamps"));
    const size_t count = published.all().size();
    std::this_thread::sleep_for(250ms);
    CHECK(published.all().size() == count); // nothing after stop

    if (!network.is_own() || outgoing < 0) {
        MESSAGE("not in a network of its own: what leaves it is not counted");
    } else {
        uint64_t datagrams = 0;
        iphdr header{};
        sockaddr_ll link{};
        socklen_t size = sizeof link;
        while (recvfrom(outgoing, &header, sizeof header, 0, reinterpret_cast<sockaddr*>(&link), &size) > 0)
            datagrams += link.sll_pkttype == PACKET_OUTGOING && header.protocol == IPPROTO_UDP;
        CHECK(datagrams == leader.sent());
    }
    close(outgoing);
}

TEST_CASE("PTPv1 source: two of them share the ports, each with a subdomain of its own") {
    const OwnNetwork network;
    if (!may_use_ports())
        return;
    Published first;
    Published second;
    LoopbackLeader one(0);
    LoopbackLeader other(1'000'000'000, "_ALT3");
    void* following_one = start(on_loopback, first);
    void* following_other = start(R"({"interface": "lo", "subdomain": "_ALT3"})", second);
    CHECK(first.wait_for(tutti_clock_locked));
    CHECK(second.wait_for(tutti_clock_locked));
    CHECK(first.all().back().domain == 0);
    CHECK(second.all().back().domain == 3);
    source().stop(following_one);
    source().stop(following_other);
}

TEST_CASE("PTPv1 source: what is sent to this machine's own address stays with who waits for it") {
    const OwnNetwork network;
    if (!may_use_ports())
        return;
    const int waiting = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(waiting, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); // as ptp4l does
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(320);
    REQUIRE(bind(waiting, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0);
    Published published;
    void* clock = start(on_loopback, published);
    sockaddr_in us = any;
    us.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int arrived = 0;
    for (int i = 0; i < 50; ++i) {
        const int sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0); // another port each time
        sendto(sender, "x", 1, 0, reinterpret_cast<const sockaddr*>(&us), sizeof us);
        close(sender);
        pollfd patience{waiting, POLLIN, 0};
        poll(&patience, 1, 1000);
        char byte = 0;
        arrived += recv(waiting, &byte, 1, 0) == 1;
    }
    CHECK(arrived == 50);
    source().stop(clock);
    close(waiting);
}

TEST_CASE("PTPv1 source: an interface that is not there is waited for, listening") {
    Published published;
    void* clock = start(R"({"interface": "nowhere0"})", published);
    CHECK(published.wait_for(tutti_clock_listening));
    std::this_thread::sleep_for(250ms);
    const std::string report = report_of(clock);
    source().stop(clock);
    CHECK(is_json(report));
    CHECK(report.find(R"("interfaces":[])") != std::string::npos);
    CHECK(published.all().size() >= 2); // a sign of life
    CHECK(was_logged("clock.ptpv1.interface-missing"));
    const ClockPair tai = read_clock_pair(CLOCK_TAI);
    const tutti_clock_relation last = published.all().back();
    CHECK(std::llabs(last.media_ns - last.local_ns - (tai.wall_ns - tai.local_ns)) < 10'000'000);
    CHECK(last.rate_deviation == 0);
}

TEST_CASE("PTPv1 source: it starts and stops at once, again and again") {
    const OwnNetwork network;
    if (!may_use_ports())
        return;
    Published published;
    for (int i = 0; i < 20; ++i)
        source().stop(start(R"({"interface": "lo"})", published));
    CHECK(published.all().size() >= 20);
}

TEST_CASE("PTPv1 source: a report that does not fit is not written, but measured") {
    Published published;
    void* clock = start(R"({"interface": "nowhere0"})", published);
    char small[4] = "abc";
    const size_t length = source().report(clock, small, sizeof small);
    CHECK(length > sizeof small);
    CHECK(std::string(small) == "abc");
    std::vector<char> exact(length + 1);
    CHECK(source().report(clock, exact.data(), exact.size()) == length);
    CHECK(is_json({exact.data(), length}));
    source().stop(clock);
}

TEST_CASE("PTPv1 source: bad options are refused with a sentence") {
    char error[256] = "";
    CHECK(source().start(R"({"subdomain": 3})", Published::publish, nullptr, error, sizeof error) == nullptr);
    CHECK(std::string(error).find("_ALT3") != std::string::npos);
    CHECK(source().start("{}", nullptr, nullptr, error, sizeof error) == nullptr);
    CHECK(std::string(error).find("without a function") != std::string::npos);
    CHECK(source().start("nonsense", Published::publish, nullptr, nullptr, 0) == nullptr);
}

} // namespace observer_source_test
