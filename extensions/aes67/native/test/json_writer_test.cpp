#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "clock_source.hpp"
#include "json_writer.hpp"

using namespace tutti::aes67;

namespace json_writer_test {

TEST_CASE("JSON writer: objects, arrays and every kind of value") {
    JsonWriter json;
    json.begin_object().member("a", int64_t{-1}).member("b", true).name("c").begin_array();
    json.value("x").value(1.25, 1).begin_object().end_object().end_array();
    json.name("d").value(NAN, 3).member("e", UINT64_MAX).end_object();
    CHECK(json.text() == R"({"a":-1,"b":true,"c":["x",1.2,{}],"d":null,"e":18446744073709551615})");
}

TEST_CASE("JSON writer: no text breaks out of its quotes or is endless") {
    JsonWriter json;
    json.value(std::string("a\"b\\c\n\x01\xff\x7f") + std::string(1, '\0'));
    CHECK(json.text() == R"("a\"b\\c\u000a\u0001??\u0000")");
    JsonWriter bounded;
    bounded.value(std::string(10'000, 'x'));
    CHECK(bounded.text().size() == JsonWriter::most_string_bytes + 2);
}

TEST_CASE("JSON writer: what does not fit is not handed over, only its length") {
    char room[8] = "before";
    CHECK(hand_over("{}", room, sizeof room) == 2);
    CHECK(std::string(room) == "{}");
    CHECK(hand_over("12345678", room, sizeof room) == 8);
    CHECK(std::string(room) == "{}");
    CHECK(hand_over("{}", nullptr, 0) == 2);
}

} // namespace json_writer_test
