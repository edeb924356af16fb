#include <doctest/doctest.h>

#include <string>

#include "free_run_clock.hpp"
#include "system_clock.hpp"

using namespace tutti::aes67;

namespace free_run_clock_test {

TEST_CASE("Free-running clock: it begins at the system's TAI and says that it follows nobody") {
    tutti_clock_relation relation{};
    const auto publish = [](void* context, const tutti_clock_relation* published) {
        *static_cast<tutti_clock_relation*>(context) = *published;
    };
    const tutti_clock_source& source = free_run_clock_source();
    for (const char* options : {"", "{}", " { } "}) {
        void* clock = source.start(options, publish, &relation, nullptr, 0);
        REQUIRE(clock != nullptr);
        source.stop(clock);
    }
    const ClockPair tai = read_clock_pair(CLOCK_TAI);
    CHECK(relation.state == tutti_clock_free_run);
    CHECK(std::llabs(relation.media_ns - relation.local_ns - (tai.wall_ns - tai.local_ns)) < 1'000'000);
    CHECK(relation.rate_deviation == 0);
    CHECK(relation.has_grandmaster == 0);
    char error[100] = "";
    CHECK(source.start(R"({"domain": 0})", publish, &relation, error, sizeof error) == nullptr);
    CHECK(std::string(error) == "The free-running clock has no options.");
}

} // namespace free_run_clock_test
