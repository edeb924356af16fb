#include <doctest/doctest.h>

#include <string>

#include "system_clock.hpp"
#include "system_clock_report.hpp"

using namespace tutti::aes67;

namespace system_clock_report_test {

TEST_CASE("System clock report: what the kernel says of its time, and the steps that were seen") {
    const std::string json = system_clock_report({Timescale::realtime, 3, -5'000'000});
    for (const char* part : {R"({"dataset":{"utcOffset":)", R"("ptpTimescale":false)", R"("ratePpm":)",
                             R"("counters":{"steps":3},"lastStepNs":-5000000})"})
        CHECK_MESSAGE(json.find(part) != std::string::npos, json);
}

TEST_CASE("System clock report: the ABI hands over the same") {
    const tutti_clock_source& source = system_clock_source(nullptr);
    void* clock = source.start(
        "{}", [](void*, const tutti_clock_relation*) {}, nullptr, nullptr, 0);
    REQUIRE(clock != nullptr);
    std::string text(1024, '\0');
    text.resize(source.report(clock, text.data(), text.size()));
    source.stop(clock);
    CHECK(text.find(R"("counters":{"steps":0},"lastStepNs":0})") != std::string::npos);
}

} // namespace system_clock_report_test
