#include "observer_options.hpp"

#include <algorithm>
#include <utility>

#include "clock_kit.hpp"

namespace tutti::dante_compat {
namespace {

constexpr int64_t most_path_delay_ns = 10'000'000; // more is no local network

const char* const malformed = "The PTPv1 clock's options must be a JSON object such as "
                              R"({"interface": "10.0.0.1", "subdomain": "_DFLT"}.)";

// The longest name that Linux gives an interface is 15 bytes, as long as an IPv4 address in text.
bool can_be_interface(std::string_view text) {
    return !text.empty() && text.size() <= 15 && text.find_first_of("/ %") == std::string_view::npos;
}

// Reads one member's value; a sentence if it will not do.
std::string take_value(std::string_view name, OptionReader& reader, Options& options) {
    if (name == "interface") {
        const auto value = reader.take_string();
        if (!value || !can_be_interface(*value)) {
            return "The PTPv1 clock's option \"interface\" must be an IPv4 address or the name of an "
                   "interface.";
        }
        options.interface = *value;
    } else if (name == "subdomain") {
        const auto value = reader.take_string();
        const auto found =
            std::find(subdomain_names.begin(), subdomain_names.end(), std::string_view(value.value_or("")));
        if (found == subdomain_names.end()) {
            return "The PTPv1 clock's option \"subdomain\" must be \"_DFLT\", \"_ALT1\", \"_ALT2\" or "
                   "\"_ALT3\".";
        }
        options.observer.subdomain = static_cast<uint8_t>(found - subdomain_names.begin());
    } else if (name == "pathDelayNs") {
        options.observer.path_delay_ns = reader.take_integer();
        if (options.observer.path_delay_ns.value_or(INT64_MAX) > most_path_delay_ns)
            return "The PTPv1 clock's option \"pathDelayNs\" must be an integer from 0 to 10000000.";
    } else {
        return "The PTPv1 clock has no option " + quoted(name) +
               R"(; it has "interface", "subdomain" and "pathDelayNs".)";
    }
    return "";
}

} // namespace

Options parse_options(std::string_view json) {
    const auto refused = [](std::string sentence) {
        Options options;
        options.error = std::move(sentence);
        return options;
    };
    if (json.size() > OptionReader::most_bytes)
        return refused("The PTPv1 clock's options are longer than 1024 bytes.");
    Options options;
    OptionReader reader(json);
    bool more = !reader.at_end();
    if (more) {
        if (!reader.take('{'))
            return refused(malformed);
        more = !reader.take('}');
    }
    while (more) {
        const auto name = reader.take_string();
        if (!name || !reader.take(':'))
            return refused(malformed);
        std::string problem = take_value(*name, reader, options);
        if (!problem.empty())
            return refused(std::move(problem));
        more = reader.take(',');
        if (!more && !reader.take('}'))
            return refused(malformed);
    }
    return reader.at_end() ? options : refused(malformed);
}

} // namespace tutti::dante_compat
