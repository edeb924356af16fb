#include <doctest/doctest.h>

#include <random>

#include "ptp/ptp_options.hpp"

using namespace tutti::aes67::ptp;

namespace ptp_options_test {

TEST_CASE("PTP options: an AES67 follower on domain 0 unless told otherwise") {
    for (const char* json : {"", "{}", " { } "}) {
        const Options options = parse_options(json);
        CHECK(options.error == "");
        CHECK(options.interfaces == std::vector<std::string>{""});
        CHECK(options.domain == 0);
        CHECK(bool{options.delay_mode == DelayMode::multicast});
    }
}

TEST_CASE("PTP options: all of them, in any order") {
    const Options options = parse_options(
        R"({"delayRequest": "hybrid", "profile": "aes-r16", "domain": 12, "interface": "10.0.0.1"})");
    CHECK(options.error == "");
    CHECK(options.interfaces == std::vector<std::string>{"10.0.0.1"});
    CHECK(options.domain == 12);
    CHECK(bool{options.delay_mode == DelayMode::hybrid});
    CHECK(parse_options(R"({"interface":"enp3s0"})").interfaces.front() == "enp3s0");
}

TEST_CASE("PTP options: ST 2059-2 is domain 127 unless another is given") {
    CHECK(parse_options(R"({"profile": "st2059-2"})").domain == 127);
    CHECK(parse_options(R"({"profile": "st2059-2"})").log_delay_interval == -3);
    CHECK(parse_options(R"({"domain": 0, "profile": "st2059-2"})").domain == 0);
    CHECK(parse_options(R"({"profile": "default"})").domain == 0);
}

TEST_CASE("PTP options: grandmaster mode is off unless asked for, and then modest") {
    CHECK_FALSE(parse_options("{}").grandmaster);
    CHECK_FALSE(parse_options(R"({"grandmaster": false, "priority1": 3})").grandmaster);
    auto own = parse_options(R"({"grandmaster": true})").grandmaster;
    REQUIRE(own);
    CHECK(own->priority1 == 250);
    CHECK(own->priority2 == 250);
    CHECK(own->log_announce_interval == 1);
    CHECK(own->log_sync_interval == -3);
    own = parse_options(R"({"priority2":0,"grandmaster":true,"priority1":255,"profile":"st2059-2"})")
              .grandmaster;
    REQUIRE(own);
    CHECK(own->priority1 == 255);
    CHECK(own->priority2 == 0);
    CHECK(own->log_announce_interval == -2);
    CHECK(parse_options(R"({"priority1": 256})").error ==
          "The PTP clock's option \"priority1\" must be an integer from 0 to 255; the lower, the more "
          "willing to "
          "be master.");
}

TEST_CASE("PTP options: what cannot be is refused with the field and what it must be") {
    CHECK(parse_options(R"({"domain": 128})").error ==
          "The PTP clock's option \"domain\" must be an integer from 0 to 127.");
    for (const char* json :
         {R"({"domain": "0"})", R"({"domain": -1})", R"({"domain": 1e2})", R"({"domain": 99999999999})",
          R"({"interface": ""})", R"({"interface": "../../etc/passwd"})", R"({"interface": 5})",
          R"({"profile": "power"})", R"({"delayRequest": "unicast"})", R"({"master": true})",
          R"({"grandmaster": "yes"})", R"({"grandmaster": 1})", R"({"priority2": -1})", "[]", "{",
          R"({"domain": 1,})", R"({"domain": 1} x)"}) {
        CAPTURE(json);
        CHECK(parse_options(json).error != "");
    }
    CHECK(parse_options(std::string(2000, ' ')).error != "");
}

TEST_CASE("PTP options: any text gives options or a sentence") {
    std::mt19937 random(9);
    const std::string alphabet = "{}\":, \\0123456789domainterfaceprofile\xff\x01";
    for (int i = 0; i < 50'000; ++i) {
        std::string json = R"({"domain": 12, "interface": "eth0"})";
        for (uint64_t change = 1 + random() % 4; change > 0; --change) {
            json.insert(random() % (json.size() + 1), 1, alphabet[random() % alphabet.size()]);
            json.erase(random() % json.size(), random() % 3);
        }
        const Options options = parse_options(json);
        if (!options.error.empty() && options.error.back() != '.')
            FAIL("no sentence for " << json);
        if (options.domain > 127)
            FAIL("domain of " << json);
    }
}

TEST_CASE("PTP options: several interfaces are a list without repetitions") {
    const auto options = parse_options(R"({"interface": ["eth0", "10.0.0.1"]})");
    CHECK(options.error == "");
    CHECK(options.interfaces == std::vector<std::string>{"eth0", "10.0.0.1"});
    for (const char* list : {"[]", "[\"eth0\"", "[\"eth0\",]", "[\"a\", \"a\"]", "[\"a\", 5]",
                             "[\"a\", \"b\", \"c\", \"d\", \"e\"]"}) {
        CAPTURE(list);
        CHECK(
            parse_options(std::string(R"({"interface": )") + list + "}").error ==
            R"(The PTP clock's option "interface" must be an IPv4 address or the name of an interface, or a list )"
            "of at most four.");
    }
}

} // namespace ptp_options_test
