#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "system_clock.hpp"

using namespace tutti::aes67;
using namespace std::chrono_literals;

namespace system_clock_test {

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

    // Waits until `count` relations are there.
    std::vector<tutti_clock_relation> wait_for(size_t count) const {
        for (int i = 0; i < 2000 && all().size() < count; ++i)
            std::this_thread::sleep_for(5ms);
        REQUIRE(all().size() >= count);
        return all();
    }

  private:
    mutable std::mutex mutex_;
    std::vector<tutti_clock_relation> relations_;
};

std::atomic<int> logged_warnings{0};
const tutti_host host = {
    sizeof(tutti_host), TUTTI_ABI, [](int severity, const char* code, const char* message) {
        if (severity == 1 && std::strcmp(code, "clock.system.step") == 0 && std::strlen(message) > 20) {
            ++logged_warnings;
        }
    }};

int64_t now(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::string refusal(const char* options, tutti_clock_publish_fn publish) {
    char error[200] = "";
    Published published;
    CHECK(system_clock_source(nullptr).start(options, publish, &published, error, sizeof error) == nullptr);
    CHECK(published.all().empty());
    return error;
}

} // namespace

TEST_CASE("System clock: it publishes the wall clock as media time before start returns") {
    struct Case {
        const char* options;
        clockid_t wall;
    };
    for (const auto& test : {Case{"{}", CLOCK_TAI}, Case{R"({"timescale":"tai"})", CLOCK_TAI},
                             Case{R"({"timescale":"realtime"})", CLOCK_REALTIME}}) {
        CAPTURE(test.options);
        const tutti_clock_source& source = system_clock_source(nullptr);
        Published published;
        char error[100] = "";
        const int64_t local_before = now(CLOCK_MONOTONIC);
        const int64_t wall_before = now(test.wall);
        void* clock = source.start(test.options, Published::publish, &published, error, sizeof error);
        REQUIRE(clock != nullptr);
        const auto relations = published.all();
        const int64_t wall_after = now(test.wall);
        const int64_t local_after = now(CLOCK_MONOTONIC);
        source.stop(clock);

        REQUIRE(!relations.empty());
        const tutti_clock_relation& first = relations.front();
        CHECK(first.size == sizeof(tutti_clock_relation));
        CHECK(first.abi == TUTTI_ABI);
        CHECK(first.state == tutti_clock_locked);
        CHECK(first.rate_deviation == 0);
        CHECK(first.generation == 1);
        CHECK(first.has_grandmaster == 0);
        CHECK(first.error_ns >= 0);
        CHECK(first.local_ns >= local_before);
        CHECK(first.local_ns <= local_after);
        CHECK(first.media_ns >= wall_before - first.error_ns);
        CHECK(first.media_ns <= wall_after + first.error_ns);
    }
}

TEST_CASE("System clock: whose time it is, is what a person says") {
    const tutti_clock_source& source = system_clock_source(nullptr);
    Published published;
    void* clock = source.start(R"({"grandmaster": "00:1d:c1:ff:fe:a1:72:3c", "domain": 3})",
                               Published::publish, &published, nullptr, 0);
    REQUIRE(clock != nullptr);
    const tutti_clock_relation first = published.wait_for(1).front();
    source.stop(clock);
    CHECK(first.has_grandmaster == 1);
    CHECK(first.grandmaster[7] == 0x3C);
    CHECK(first.domain == 3);
}

TEST_CASE("System clock: every relation lies on the same line until a step") {
    const tutti_clock_source& source = system_clock_source(nullptr);
    Published published;
    void* clock = source.start("{}", Published::publish, &published, nullptr, 0);
    REQUIRE(clock != nullptr);
    const auto relations = published.wait_for(4);
    source.stop(clock);
    for (const auto& relation : relations) {
        CHECK(relation.media_ns - relation.local_ns == relations[0].media_ns - relations[0].local_ns);
        CHECK(relation.generation == 1);
    }
    CHECK(std::is_sorted(relations.begin(), relations.end(),
                         [](const auto& a, const auto& b) { return a.local_ns < b.local_ns; }));
}

TEST_CASE("System clock: a step of wall time is a new generation and a warning") {
    std::atomic<int64_t> step{0};
    const auto read = [&step] {
        ClockPair pair = read_clock_pair(CLOCK_REALTIME);
        pair.wall_ns += step;
        return pair;
    };
    Published published;
    const int warnings = logged_warnings;
    SystemClock clock(read, Published::publish, &published, &host);
    published.wait_for(2);
    step = -1'000'000'000; // a leap second
    auto relations = published.all();
    while (relations.back().generation < 2)
        relations = published.wait_for(relations.size() + 1);
    CHECK(relations.back().generation == 2);
    const auto offset = [](const tutti_clock_relation& relation) {
        return relation.media_ns - relation.local_ns;
    };
    const int64_t change = offset(relations.back()) - offset(relations.front());
    CHECK(change > -1'001'000'000);
    CHECK(change < -999'000'000);
    published.wait_for(relations.size() + 1); // the warning follows its publish
    CHECK(logged_warnings == warnings + 1);
}

TEST_CASE("System clock: nothing is published after stop, however soon it comes") {
    const tutti_clock_source& source = system_clock_source(nullptr);
    Published published;
    for (int i = 0; i < 50; ++i) {
        void* clock = source.start("{}", Published::publish, &published, nullptr, 0);
        REQUIRE(clock != nullptr);
        if (i % 10 == 0)
            published.wait_for(published.all().size() + 1);
        source.stop(clock);
    }
    const size_t count = published.all().size();
    std::this_thread::sleep_for(350ms); // three periods
    CHECK(published.all().size() == count);
    CHECK(count >= 50);
}

TEST_CASE("System clock: stop waits for a publish that is under way") {
    std::atomic<int> reads{0};
    const auto slow = [&reads] {
        if (++reads > 1)
            std::this_thread::sleep_for(100ms); // the first one is the constructor's
        return read_clock_pair(CLOCK_REALTIME);
    };
    Published published;
    {
        SystemClock clock(slow, Published::publish, &published, nullptr);
        while (reads < 2)
            std::this_thread::sleep_for(1ms);
    }
    const size_t count = published.all().size();
    CHECK(count == 2);
    std::this_thread::sleep_for(200ms);
    CHECK(published.all().size() == count);
}

TEST_CASE("System clock: bad options are refused with a sentence that fits where it is written") {
    CHECK(refusal(R"({"timescale":"gps"})", Published::publish) ==
          R"(The system clock's option "timescale" must be "tai" or "realtime", not "gps".)");
    CHECK(refusal("nonsense", Published::publish) != "");
    CHECK(refusal("{}", nullptr) != "");

    char small[8];
    std::memset(small, '#', sizeof small);
    CHECK(system_clock_source(nullptr).start("nonsense", Published::publish, nullptr, small, 5) == nullptr);
    CHECK(std::string(small, sizeof small) == std::string("The \0###", 8));
    CHECK(system_clock_source(nullptr).start("nonsense", Published::publish, nullptr, nullptr, 0) == nullptr);
}

} // namespace system_clock_test
