#include "phc/phc_clock_options.hpp"

namespace tutti::aes67::phc {
namespace {

// A device below /dev, so that a person is told at once that another path is none; or an interface's name (15
// bytes on Linux).
bool can_be_clock(std::string_view text) {
    if (text.find('/') != std::string_view::npos)
        return text.starts_with("/dev/") && text.size() <= 64 && text.find("..") == std::string_view::npos;
    return !text.empty() && text.size() <= 15 && text.find_first_of(" %") == std::string_view::npos;
}

// Reads one member's value; a sentence if it will not do.
std::string take_value(std::string_view name, OptionReader& reader, PhcClockOptions& options) {
    if (const auto taken = options.grandmaster.take(name, reader, "hardware clock"))
        return *taken;
    if (name != "device") {
        return "The hardware clock has no option " + quoted(name) +
               R"(; it has "device", "grandmaster" and "domain".)";
    }
    const auto value = reader.take_string();
    if (!value || !can_be_clock(*value)) {
        return R"(The hardware clock's option "device" must be a device such as "/dev/ptp0" or the name of an )"
               "interface.";
    }
    options.device = *value;
    return "";
}

} // namespace

PhcClockOptions parse_phc_clock_options(std::string_view json) {
    PhcClockOptions options;
    if (json.size() > OptionReader::most_bytes) {
        options.error = "The hardware clock's options are longer than 1024 bytes.";
        return options;
    }
    OptionReader reader(json);
    options.error = reader.take_object(
        [&](std::string_view name) { return take_value(name, reader, options); },
        R"(The hardware clock's options must be a JSON object such as {"device": "/dev/ptp0"}.)");
    return options;
}

} // namespace tutti::aes67::phc
