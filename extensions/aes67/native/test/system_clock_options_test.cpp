#include <doctest/doctest.h>

#include <random>

#include "system_clock_options.hpp"

using namespace tutti::aes67;

namespace system_clock_options_test {

namespace {

bool contains(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("System clock options: the timescale is TAI unless told otherwise") {
    for (const char* json : {"", "{}", " { } \n", R"({"timescale":"tai"})"}) {
        CAPTURE(json);
        const auto options = parse_system_clock_options(json);
        CHECK(options.error == "");
        CHECK(options.timescale == Timescale::tai);
    }
    const auto realtime = parse_system_clock_options("\t{ \"timescale\" :\r\n \"realtime\" } ");
    CHECK(realtime.error == "");
    CHECK(realtime.timescale == Timescale::realtime);
}

TEST_CASE("System clock options: an unknown name or value is named in a sentence") {
    CHECK(parse_system_clock_options(R"({"timescale":"utc"})").error ==
          R"(The system clock's option "timescale" must be "tai" or "realtime", not "utc".)");
    CHECK(parse_system_clock_options(R"({"rate":"0"})").error ==
          R"(The system clock has no option "rate"; it has "timescale", "grandmaster" and "domain".)");
    CHECK(
        contains(parse_system_clock_options(R"({"timescale":37})").error, "must be \"tai\" or \"realtime\""));
    const auto hostile = parse_system_clock_options("{\"\x1b[2J" + std::string(500, 'x') + "\":\"\"}");
    CHECK(contains(hostile.error, "?[2J"));
    CHECK(hostile.error.size() < 120);
}

TEST_CASE("System clock options: what is not such an object is refused") {
    for (const char* json :
         {"null", "[]", "{", "{\"timescale\"}", "{\"timescale\":\"tai\"", "{\"timescale\":\"tai\",}",
          "{\"timescale\":\"tai\"} x", "{\"timescale\":\"tai\" \"timescale\":\"tai\"}",
          "{\"time\\u0073cale\":\"tai\"}", "{timescale:\"tai\"}", "{\"timescale", "\"tai\""}) {
        CAPTURE(json);
        CHECK(parse_system_clock_options(json).error != "");
    }
    CHECK(contains(parse_system_clock_options(std::string(2000, ' ')).error, "1024"));
}

TEST_CASE("System clock options: any text gives options or a sentence") {
    std::mt19937 random(7);
    const std::string alphabet = "{}\":, \\tai[]realtimescale\xff\x01";
    for (int i = 0; i < 100'000; ++i) {
        std::string json = R"({"timescale":"realtime"})";
        for (uint64_t change = 1 + random() % 4; change > 0; --change) {
            json.insert(random() % (json.size() + 1), 1, alphabet[random() % alphabet.size()]);
            json.erase(random() % json.size(), random() % 3);
        }
        const auto options = parse_system_clock_options(json);
        if (!options.error.empty() && options.error.back() != '.')
            FAIL("no sentence for " << json);
    }
}

} // namespace system_clock_options_test
