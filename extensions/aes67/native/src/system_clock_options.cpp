#include "system_clock_options.hpp"

#include <optional>
#include <utility>

namespace tutti::aes67 {
namespace {

constexpr size_t most_bytes = 1024;

// Just enough JSON for an object of strings; each step returns what it took, or nothing.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool take(char expected) {
        skip_space();
        if (rest_.empty() || rest_.front() != expected)
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    // A string without escapes: no name or value that we know has one.
    std::optional<std::string_view> take_string() {
        if (!take('"'))
            return std::nullopt;
        const size_t end = rest_.find_first_of("\"\\");
        if (end == std::string_view::npos || rest_[end] != '"')
            return std::nullopt;
        const std::string_view value = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return value;
    }

    bool at_end() {
        skip_space();
        return rest_.empty();
    }

  private:
    void skip_space() {
        const size_t next = rest_.find_first_not_of(" \t\r\n");
        rest_.remove_prefix(next == std::string_view::npos ? rest_.size() : next);
    }

    std::string_view rest_;
};

SystemClockOptions refused(std::string sentence) {
    return {.error = std::move(sentence)};
}

// As it is repeated in a message: short, and printable whatever came in.
std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text.substr(0, 32))
        result += c >= ' ' && c <= '~' ? c : '?';
    return result + (text.size() > 32 ? "...\"" : "\"");
}

} // namespace

SystemClockOptions parse_system_clock_options(std::string_view json) {
    if (json.size() > most_bytes)
        return refused("The system clock's options are longer than 1024 bytes.");
    const std::string malformed =
        "The system clock's options must be a JSON object such as {\"timescale\": \"tai\"}.";
    SystemClockOptions options;
    Reader reader(json);
    if (reader.at_end())
        return options;
    if (!reader.take('{'))
        return refused(malformed);
    bool more = !reader.take('}');
    while (more) {
        const auto name = reader.take_string();
        if (!name || !reader.take(':'))
            return refused(malformed);
        if (*name != "timescale") {
            return refused("The system clock has no option " + quoted(*name) + "; it has \"timescale\".");
        }
        const auto value = reader.take_string();
        if (!value)
            return refused("The system clock's option \"timescale\" must be \"tai\" or \"realtime\".");
        if (*value == "tai") {
            options.timescale = Timescale::tai;
        } else if (*value == "realtime") {
            options.timescale = Timescale::realtime;
        } else {
            return refused("The system clock's option \"timescale\" must be \"tai\" or \"realtime\", not " +
                           quoted(*value) + ".");
        }
        more = reader.take(',');
        if (!more && !reader.take('}'))
            return refused(malformed);
    }
    if (!reader.at_end())
        return refused(malformed);
    return options;
}

} // namespace tutti::aes67
