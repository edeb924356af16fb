#include "option_reader.hpp"

#include <algorithm>

namespace tutti::aes67 {

std::string OptionReader::take_object(const std::function<std::string(std::string_view)>& take_value,
                                      const std::string& malformed) {
    if (at_end())
        return "";
    if (!take('{'))
        return malformed;
    bool more = !take('}');
    while (more) {
        const auto name = take_string();
        if (!name || !take(':'))
            return malformed;
        if (std::string problem = take_value(*name); !problem.empty())
            return problem;
        more = take(',');
        if (!more && !take('}'))
            return malformed;
    }
    return at_end() ? "" : malformed;
}

bool OptionReader::take(char expected) {
    skip_space();
    if (rest_.empty() || rest_.front() != expected)
        return false;
    rest_.remove_prefix(1);
    return true;
}

std::optional<std::string_view> OptionReader::take_string() {
    if (!take('"'))
        return std::nullopt;
    const size_t end = rest_.find_first_of("\"\\");
    if (end == std::string_view::npos || rest_[end] != '"')
        return std::nullopt;
    const std::string_view value = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return value;
}

std::optional<int64_t> OptionReader::take_integer() {
    skip_space();
    const size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (digits == 0 || digits > 9)
        return std::nullopt;
    int64_t value = 0;
    for (const char digit : rest_.substr(0, digits))
        value = value * 10 + (digit - '0');
    rest_.remove_prefix(digits);
    return value;
}

std::optional<bool> OptionReader::take_bool() {
    skip_space();
    for (const bool value : {true, false}) {
        const std::string_view word = value ? "true" : "false";
        if (rest_.starts_with(word)) {
            rest_.remove_prefix(word.size());
            return value;
        }
    }
    return std::nullopt;
}

bool OptionReader::at_end() {
    skip_space();
    return rest_.empty();
}

void OptionReader::skip_space() {
    const size_t next = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(next == std::string_view::npos ? rest_.size() : next);
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text.substr(0, 32))
        result += c >= ' ' && c <= '~' ? c : '?';
    return result + (text.size() > 32 ? "...\"" : "\"");
}

} // namespace tutti::aes67
