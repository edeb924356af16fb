#include "ptp/ptp_options.hpp"

#include <algorithm>
#include <optional>

#include "option_reader.hpp"

namespace tutti::aes67::ptp {
namespace {

struct Profile {
    std::string_view name;
    uint8_t domain;
    int8_t log_announce_interval;
    int8_t log_sync_interval;
    int8_t log_delay_interval;
};

constexpr Profile profiles[] = {
    {"aes67", 0, 1, -3, 0}, {"default", 0, 1, 0, 0}, {"st2059-2", 127, -2, -3, -3}, {"aes-r16", 0, 0, -3, 0}};

const Profile* profile_named(std::string_view name) {
    for (const Profile& profile : profiles) {
        if (profile.name == name)
            return &profile;
    }
    return nullptr;
}

// The longest name that Linux gives an interface is 15 bytes, as long as an IPv4 address in text.
bool can_be_interface(std::string_view text) {
    return !text.empty() && text.size() <= 15 && text.find_first_of("/ %") == std::string_view::npos;
}

// One, or a list of them. False if it will not do.
bool take_interfaces(OptionReader& reader, std::vector<std::string>& interfaces) {
    interfaces.clear();
    const bool is_list = reader.take('[');
    do {
        const auto value = reader.take_string();
        if (!value || !can_be_interface(*value) || interfaces.size() == Options::most_interfaces ||
            std::find(interfaces.begin(), interfaces.end(), *value) != interfaces.end())
            return false;
        interfaces.emplace_back(*value);
    } while (is_list && reader.take(','));
    return !is_list || reader.take(']');
}

// What is read before it is known what it comes to.
struct Given {
    const Profile* profile = &profiles[0];
    std::optional<int64_t> domain;
    bool is_grandmaster = false;
    GrandmasterConfig grandmaster;
};

std::string must_be(std::string_view name, const char* what) {
    return "The PTP clock's option " + quoted(name) + " must be " + what;
}

// Reads one member's value; a sentence if it will not do.
std::string take_value(std::string_view name, OptionReader& reader, Options& options, Given& given) {
    if (name == "domain") {
        given.domain = reader.take_integer();
        return given.domain.value_or(128) > 127 ? must_be(name, "an integer from 0 to 127.") : "";
    }
    if (name == "interface") {
        return take_interfaces(reader, options.interfaces)
                   ? ""
                   : must_be(name, "an IPv4 address or the name of an interface, or a list of at most four.");
    }
    if (name == "profile") {
        given.profile = profile_named(reader.take_string().value_or(""));
        return given.profile ? "" : must_be(name, R"("aes67", "default", "st2059-2" or "aes-r16".)");
    }
    if (name == "delayRequest") {
        const auto value = reader.take_string();
        options.delay_mode = value == "hybrid" ? DelayMode::hybrid : DelayMode::multicast;
        return value == "hybrid" || value == "multicast" ? "" : must_be(name, R"("multicast" or "hybrid".)");
    }
    if (name == "timestamps") {
        const auto value = reader.take_string();
        options.card_stamps = value == "auto";
        return value == "auto" || value == "kernel" ? "" : must_be(name, R"("auto" or "kernel".)");
    }
    if (name == "grandmaster") {
        const auto value = reader.take_bool();
        given.is_grandmaster = value.value_or(false);
        return value ? "" : must_be(name, "true or false.");
    }
    if (name == "priority1" || name == "priority2") {
        const auto value = reader.take_integer();
        (name == "priority1" ? given.grandmaster.priority1 : given.grandmaster.priority2) =
            static_cast<uint8_t>(value.value_or(0));
        return value.value_or(256) > 255
                   ? must_be(name, "an integer from 0 to 255; the lower, the more willing to be master.")
                   : "";
    }
    return "The PTP clock has no option " + quoted(name) +
           R"(; it has "interface", "domain", "profile", "delayRequest", "timestamps", "grandmaster", )"
           R"("priority1" and "priority2".)";
}

} // namespace

Options parse_options(std::string_view json) {
    Options options;
    if (json.size() > OptionReader::most_bytes) {
        options.error = "The PTP clock's options are longer than 1024 bytes.";
        return options;
    }
    Given given;
    OptionReader reader(json);
    options.error = reader.take_object(
        [&](std::string_view name) { return take_value(name, reader, options, given); },
        R"(The PTP clock's options must be a JSON object such as {"interface": "10.0.0.1", "domain": 0}.)");
    if (!options.error.empty())
        return options;
    const Profile& profile = *given.profile;
    options.domain = given.domain ? static_cast<uint8_t>(*given.domain) : profile.domain;
    options.log_delay_interval = profile.log_delay_interval;
    given.grandmaster.log_announce_interval = profile.log_announce_interval;
    given.grandmaster.log_sync_interval = profile.log_sync_interval;
    if (given.is_grandmaster)
        options.grandmaster = given.grandmaster;
    return options;
}

} // namespace tutti::aes67::ptp
