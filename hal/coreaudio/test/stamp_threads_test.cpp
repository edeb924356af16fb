/// The device's timeline as several audio threads see it at once.
#include "audio_server.hpp"
#include "host_clock.hpp"

#include <doctest/doctest.h>

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <map>
#include <thread>
#include <utility>

using namespace tutti::coreaudio::test;

namespace {

/// Stamps of several threads, which must be of the same timelines.
class Timelines {
  public:
    void add(const Stamp& stamp) {
        const auto [known, is_new] = ticks_.try_emplace({stamp.seed, stamp.sample_time}, stamp.host_ticks);
        if (stamp.host_ticks == 0 || known->second != stamp.host_ticks)
            ++wrong;
    }
    int wrong = 0; ///< of no time, or of another than a sample had before

  private:
    std::map<std::pair<uint64_t, double>, uint64_t> ticks_;
};

std::atomic<bool> hold_still{false};
std::atomic<bool> stands_still{false};

void stand_still(int) {
    stands_still = true;
    while (hold_still)
        sched_yield();
    stands_still = false;
}

/// A thread that asks for stamps all the time, and is made to stand still wherever it happens to be.
class InterruptedThread {
  public:
    explicit InterruptedThread(const AudioServer& server) {
        struct sigaction action {};
        action.sa_handler = stand_still;
        sigaction(SIGUSR1, &action, &before_);
        thread_ = std::thread([this, &server] {
            while (!done_)
                server.stamp(2);
        });
    }
    ~InterruptedThread() {
        go_on();
        done_ = true;
        thread_.join();
        sigaction(SIGUSR1, &before_, nullptr);
    }
    void stop() {
        hold_still = true;
        pthread_kill(thread_.native_handle(), SIGUSR1);
        while (!stands_still)
            sched_yield();
    }
    void go_on() {
        hold_still = false;
        while (stands_still)
            sched_yield();
    }

  private:
    struct sigaction before_ {};
    std::atomic<bool> done_{false};
    std::thread thread_;
};

} // namespace

TEST_CASE("a thread that stands still in the middle of a stamp leaves the others theirs") {
    AudioServer server;
    REQUIRE_EQ(server.start(1), 0);
    REQUIRE_EQ(server.start(2), 0);
    Timelines timelines;
    const uint64_t seed = server.stamp().seed;
    int new_seeds = 0;
    InterruptedThread other(server);
    for (int i = 0; i < 1000; ++i) {
        other.stop();
        const Stamp stamp = server.stamp();
        other.go_on();
        timelines.add(stamp);
        new_seeds += stamp.seed != seed;
    }
    CHECK_EQ(timelines.wrong, 0);
    CHECK_EQ(new_seeds, 0);
}

TEST_CASE("threads that come to a new timeline at the same time get one host time for its beginning") {
    host_clock::freeze(start_ns);
    {
        AudioServer server;
        host_clock::advance(3 * second); // the first two are quiet
        Timelines timelines;
        for (int round = 0; round < 600; ++round) {
            REQUIRE_EQ(server.set_rate(round % 2 == 0 ? 96000 : 48000), 0);
            REQUIRE(server.wait_for_request());
            server.perform();
            REQUIRE_EQ(server.start(1), 0);
            REQUIRE_EQ(server.start(2), 0);
            host_clock::advance(ms);
            std::atomic<int> there{0};
            Stamp stamps[3];
            const auto come = [&](UInt32 client) {
                ++there;
                while (there < 2)
                    continue;
                stamps[client] = server.stamp(client);
            };
            std::thread other(come, 2);
            come(1);
            other.join();
            stamps[0] = server.stamp();
            for (const Stamp& stamp : stamps)
                timelines.add(stamp);
            REQUIRE_EQ(server.stop(1), 0);
            REQUIRE_EQ(server.stop(2), 0);
        }
        CHECK_EQ(timelines.wrong, 0);
    }
    host_clock::run();
}
