#include "system_clock_options.hpp"

#include "option_reader.hpp"

namespace tutti::aes67 {
namespace {

// Reads one member's value; a sentence if it will not do.
std::string take_value(std::string_view name, OptionReader& reader, SystemClockOptions& options) {
    if (const auto taken = options.grandmaster.take(name, reader, "system clock"))
        return *taken;
    if (name != "timescale") {
        return "The system clock has no option " + quoted(name) +
               R"(; it has "timescale", "grandmaster" and "domain".)";
    }
    const auto value = reader.take_string();
    if (!value)
        return R"(The system clock's option "timescale" must be "tai" or "realtime".)";
    if (*value != "tai" && *value != "realtime") {
        return R"(The system clock's option "timescale" must be "tai" or "realtime", not )" + quoted(*value) +
               ".";
    }
    options.timescale = *value == "tai" ? Timescale::tai : Timescale::realtime;
    return "";
}

} // namespace

SystemClockOptions parse_system_clock_options(std::string_view json) {
    SystemClockOptions options;
    if (json.size() > OptionReader::most_bytes) {
        options.error = "The system clock's options are longer than 1024 bytes.";
        return options;
    }
    OptionReader reader(json);
    options.error = reader.take_object(
        [&](std::string_view name) { return take_value(name, reader, options); },
        R"(The system clock's options must be a JSON object such as {"timescale": "tai"}.)");
    return options;
}

} // namespace tutti::aes67
