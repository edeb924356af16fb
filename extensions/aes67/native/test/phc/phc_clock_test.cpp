#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "phc/phc_clock.hpp"
#include "phc/phc_clock_options.hpp"
#include "phc/phc_device.hpp"
#include "system_clock.hpp"

using namespace tutti::aes67;
using namespace tutti::aes67::phc;
using namespace std::chrono_literals;

namespace phc_clock_test {

namespace {

constexpr int64_t second = 1'000'000'000;

// No machine that tests run on need have one: a clock of its own rate, read as the device is.
class InventedPhc {
  public:
    std::optional<ClockPair> read() {
        if (!answers)
            return std::nullopt;
        ClockPair pair = read_clock_pair(CLOCK_MONOTONIC);
        pair.wall_ns = at(pair.wall_ns);
        return pair;
    }
    int64_t at(int64_t local_ns) const {
        return local_ns + offset_ns + static_cast<int64_t>(static_cast<double>(local_ns - begin_ns) * 40e-6);
    }
    std::atomic<bool> answers{true};
    std::atomic<int64_t> offset_ns{200'754 * second};

  private:
    const int64_t begin_ns = read_clock_pair(CLOCK_MONOTONIC).local_ns;
};

class Published {
  public:
    static void publish(void* context, const tutti_clock_relation* relation) {
        auto& self = *static_cast<Published*>(context);
        const std::lock_guard lock(self.mutex_);
        self.last_ = *relation;
    }
    tutti_clock_relation last() const {
        const std::lock_guard lock(mutex_);
        return last_;
    }
    bool wait_for(tutti_clock_state state, uint64_t generation) const {
        for (int i = 0; i < 4000; ++i, std::this_thread::sleep_for(5ms)) {
            if (last().state == state && last().generation == generation)
                return true;
        }
        return false;
    }

  private:
    mutable std::mutex mutex_;
    tutti_clock_relation last_{};
};

NamedGrandmaster named() {
    return parse_phc_clock_options(R"({"grandmaster": "00-1D-C1-FF-FE-A1-72-3C", "domain": 7})").grandmaster;
}

int64_t error_of(const tutti_clock_relation& relation, const InventedPhc& phc) {
    const int64_t now = read_clock_pair(CLOCK_MONOTONIC).local_ns;
    const int64_t elapsed = now - relation.local_ns;
    return relation.media_ns + elapsed +
           static_cast<int64_t>(static_cast<double>(elapsed) * relation.rate_deviation) - phc.at(now);
}

} // namespace

TEST_CASE("Hardware clock: it is followed at its own rate, held over while it is silent, and stepped after") {
    InventedPhc phc;
    Published published;
    PhcClock clock([&phc] { return phc.read(); }, [] { return std::nullopt; }, "/dev/ptp9", named(),
                   Published::publish, &published, nullptr);
    CHECK(published.last().has_grandmaster == 0); // its time is not known yet
    REQUIRE(published.wait_for(tutti_clock_locked, 2));
    CHECK(std::llabs(error_of(published.last(), phc)) < 100'000);
    CHECK(published.last().grandmaster[1] == 0x1D);
    CHECK(published.last().domain == 7);

    phc.answers = false;
    REQUIRE(published.wait_for(tutti_clock_holdover, 2));
    CHECK(std::llabs(error_of(published.last(), phc)) < 200'000);
    phc.answers = true;
    REQUIRE(published.wait_for(tutti_clock_locked, 2));

    phc.offset_ns += 37 * second;
    REQUIRE(published.wait_for(tutti_clock_locked, 3));
    CHECK(std::llabs(error_of(published.last(), phc)) < 100'000);
    const std::string report = clock.report();
    CHECK(report.find(R"({"name":"/dev/ptp9","timestamping":"hardware"})") != std::string::npos);
    CHECK(report.find(R"("missedReadings":)") != std::string::npos);
    CHECK(report.find(R"("steps":2)") != std::string::npos);
}

TEST_CASE("Hardware clock: one whose driver was loaded anew is opened again, once a second") {
    InventedPhc phc;
    Published published;
    std::atomic<int> driver = 0; // 0: as it was, 1: not there, 2: there again
    std::atomic<bool> reopened = false;
    std::atomic<int> attempts = 0;
    const auto read = [&]() -> std::optional<ClockPair> {
        return driver == 0 || reopened ? phc.read() : std::nullopt; // else ENODEV
    };
    const auto reopen = [&]() -> std::optional<std::string> {
        ++attempts;
        reopened = driver == 2;
        return reopened ? std::optional<std::string>("/dev/ptp8") : std::nullopt;
    };
    PhcClock clock(read, reopen, "/dev/ptp9", named(), Published::publish, &published, nullptr);
    REQUIRE(published.wait_for(tutti_clock_locked, 2));
    CHECK(attempts == 0);
    driver = 1;
    REQUIRE(published.wait_for(tutti_clock_holdover, 2));
    for (int i = 0; i < 4000 && attempts < 2; ++i)
        std::this_thread::sleep_for(5ms);
    CHECK(attempts >= 2);
    CHECK(published.last().state == tutti_clock_holdover);
    driver = 2;
    REQUIRE(published.wait_for(tutti_clock_locked, 2));
    CHECK(attempts >= 3);
    CHECK(clock.report().find(R"("name":"/dev/ptp8")") != std::string::npos);
    std::this_thread::sleep_for(1200ms);
    CHECK(attempts < 6); // no more while it answers
}

TEST_CASE("Hardware clock: what is none is refused with a sentence") {
    PhcDevice device;
    CHECK(device.open("/dev/null") == "/dev/null is no PTP hardware clock.");
    CHECK(device.open("lo") == "The network interface lo has no PTP hardware clock.");
    CHECK(device.open("nowhere0") == "The network interface nowhere0 has no PTP hardware clock.");
    CHECK(device.open("/dev/ptp4711").find("/dev/ptp4711 cannot be opened: No such file") !=
          std::string::npos);
    CHECK_FALSE(device.is_open());
    CHECK_FALSE(device.read());
    char error[256] = "";
    const tutti_clock_source& source = phc_clock_source(nullptr);
    CHECK(source.start(R"({"device": "/dev/null"})", Published::publish, nullptr, error, sizeof error) ==
          nullptr);
    CHECK(std::string(error) == "/dev/null is no PTP hardware clock.");
}

TEST_CASE("Hardware clock options: a device or an interface, and whose time it is") {
    CHECK(parse_phc_clock_options("").error == "");
    CHECK(parse_phc_clock_options(R"({"device": "eth0"})").device == "eth0");
    CHECK(parse_phc_clock_options(R"({"device": "/dev/ptp1", "domain": 127})").device == "/dev/ptp1");
    for (const char* json :
         {R"({"device": "/etc/shadow"})", R"({"device": "/dev/../etc/shadow"})", R"({"device": 0})",
          R"({"device": ""})", R"({"device": "much-too-long-a-name"})"}) {
        CAPTURE(json);
        CHECK(parse_phc_clock_options(json).error.find("\"device\" must be") != std::string::npos);
    }
    CHECK(
        parse_phc_clock_options(R"({"grandmaster": "00-1D"})").error ==
        R"(The hardware clock's option "grandmaster" must be an EUI-64 such as "00-1D-C1-FF-FE-12-34-56".)");
    for (const char* bad :
         {"00-1D-C1-FF-FE-A1-72-3", "00-1D-C1-FF-FE-A1-72-3G", "00.1D.C1.FF.FE.A1.72.3C", ""})
        CHECK(parse_phc_clock_options(std::string(R"({"grandmaster": ")") + bad + "\"}").error != "");
    CHECK(parse_phc_clock_options(R"({"domain": 128})").error.find("0 to 127") != std::string::npos);
    CHECK(parse_phc_clock_options(R"({"interface": "eth0"})").error ==
          R"(The hardware clock has no option "interface"; it has "device", "grandmaster" and "domain".)");
    CHECK(parse_phc_clock_options("[]").error.find("must be a JSON object") != std::string::npos);
}

} // namespace phc_clock_test
