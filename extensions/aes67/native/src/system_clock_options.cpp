#include "system_clock_options.hpp"

#include <utility>

#include "option_reader.hpp"

namespace tutti::aes67 {
namespace {

SystemClockOptions refused(std::string sentence) {
    return {.error = std::move(sentence)};
}

} // namespace

SystemClockOptions parse_system_clock_options(std::string_view json) {
    if (json.size() > OptionReader::most_bytes)
        return refused("The system clock's options are longer than 1024 bytes.");
    const std::string malformed =
        "The system clock's options must be a JSON object such as {\"timescale\": \"tai\"}.";
    SystemClockOptions options;
    OptionReader reader(json);
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
