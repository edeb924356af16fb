#include "json_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace tutti::aes67 {

// A comma, unless this is the first of its object or array or the value of a name.
void JsonWriter::separate() {
    if (!text_.empty() && text_.back() != '{' && text_.back() != '[' && text_.back() != ':')
        text_ += ',';
}

JsonWriter& JsonWriter::raw(std::string_view text) {
    separate();
    text_ += text;
    return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
    return raw({&bracket, 1});
}

JsonWriter& JsonWriter::close(char bracket) {
    text_ += bracket;
    return *this;
}

void JsonWriter::quote(std::string_view text) {
    text_ += '"';
    for (const char c : text.substr(0, most_string_bytes)) {
        if (c == '"' || c == '\\') {
            text_ += '\\';
            text_ += c;
        } else if (c >= 0 && c < ' ') {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
            text_ += escape;
        } else {
            text_ += c >= ' ' && c <= '~' ? c : '?';
        }
    }
    text_ += '"';
}

JsonWriter& JsonWriter::name(std::string_view text) {
    separate();
    quote(text);
    text_ += ':';
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    separate();
    quote(text);
    return *this;
}

JsonWriter& JsonWriter::value(bool truth) {
    return raw(truth ? "true" : "false");
}

JsonWriter& JsonWriter::value(int64_t number) {
    return raw(std::to_string(number));
}

JsonWriter& JsonWriter::value(uint64_t number) {
    return raw(std::to_string(number));
}

JsonWriter& JsonWriter::value(double number, int decimals) {
    if (!std::isfinite(number) || std::fabs(number) > 1e18)
        return raw("null");
    char digits[48];
    std::snprintf(digits, sizeof digits, "%.*f", std::clamp(decimals, 0, 9), number);
    return raw(digits);
}

} // namespace tutti::aes67
