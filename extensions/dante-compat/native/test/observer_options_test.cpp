#include <doctest/doctest.h>

#include "observer_options.hpp"

using namespace tutti::dante_compat;

namespace observer_options_test {

TEST_CASE("PTPv1 options: nothing given is the first interface, _DFLT and an unknown path delay") {
    for (const char* text : {"", "{}", " { } "}) {
        const Options options = parse_options(text);
        CHECK(options.error == "");
        CHECK(options.interface == "");
        CHECK(options.observer.subdomain == 0);
        CHECK_FALSE(options.observer.path_delay_ns);
    }
}

TEST_CASE("PTPv1 options: all of them are read, in any order") {
    const Options options =
        parse_options(R"({"pathDelayNs": 12000, "subdomain": "_ALT2", "interface": "eth0"})");
    CHECK(options.error == "");
    CHECK(options.interface == "eth0");
    CHECK(options.observer.subdomain == 2);
    CHECK(options.observer.path_delay_ns == 12000);
    CHECK(parse_options(R"({"pathDelayNs": 0})").observer.path_delay_ns == 0);
}

TEST_CASE("PTPv1 options: what cannot be is refused with a sentence that names it") {
    const struct {
        const char* text;
        const char* says;
    } cases[] = {
        {R"({"subdomain": "DFLT"})", "_ALT3"},
        {R"({"subdomain": 1})", "_ALT3"},
        {R"({"interface": ""})", "interface"},
        {R"({"interface": "a/b"})", "interface"},
        {R"({"interface": "sixteen-letters-"})", "interface"},
        {R"({"pathDelayNs": -1})", "0 to 10000000"},
        {R"({"pathDelayNs": 10000001})", "0 to 10000000"},
        {R"({"pathDelayNs": "1"})", "0 to 10000000"},
        {R"({"domain": 0})", "no option \"domain\""},
        {"[]", "JSON object"},
        {R"({"interface": "eth0")", "JSON object"},
        {R"({"interface": "eth0"} x)", "JSON object"},
        {R"({"interface" "eth0"})", "JSON object"},
    };
    for (const auto& each : cases) {
        CAPTURE(each.text);
        const Options options = parse_options(each.text);
        CHECK(options.error.find(each.says) != std::string::npos);
        CHECK(options.interface == "");
    }
    CHECK(parse_options(std::string(1025, ' ')).error.find("1024") != std::string::npos);
}

} // namespace observer_options_test
