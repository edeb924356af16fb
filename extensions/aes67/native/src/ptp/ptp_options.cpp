#include "ptp/ptp_options.hpp"

#include <optional>
#include <utility>

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

Options refused(std::string sentence) {
    Options options;
    options.error = std::move(sentence);
    return options;
}

// The longest name that Linux gives an interface is 15 bytes, as long as an IPv4 address in text.
bool can_be_interface(std::string_view text) {
    return !text.empty() && text.size() <= 15 && text.find_first_of("/ %") == std::string_view::npos;
}

} // namespace

Options parse_options(std::string_view json) {
    if (json.size() > OptionReader::most_bytes)
        return refused("The PTP clock's options are longer than 1024 bytes.");
    const std::string malformed =
        R"(The PTP clock's options must be a JSON object such as {"interface": "10.0.0.1", "domain": 0}.)";
    Options options;
    const Profile* profile = &profiles[0];
    std::optional<int64_t> domain;
    bool is_grandmaster = false;
    GrandmasterConfig grandmaster;
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
        if (*name == "domain") {
            domain = reader.take_integer();
            if (!domain || *domain > 127)
                return refused("The PTP clock's option \"domain\" must be an integer from 0 to 127.");
        } else if (*name == "interface") {
            const auto value = reader.take_string();
            if (!value || !can_be_interface(*value)) {
                return refused(
                    "The PTP clock's option \"interface\" must be an IPv4 address or the name of an "
                    "interface.");
            }
            options.interface = *value;
        } else if (*name == "profile") {
            const auto value = reader.take_string();
            profile = value ? profile_named(*value) : nullptr;
            if (!profile) {
                return refused(
                    "The PTP clock's option \"profile\" must be \"aes67\", \"default\", \"st2059-2\" "
                    "or \"aes-r16\".");
            }
        } else if (*name == "delayRequest") {
            const auto value = reader.take_string();
            if (!value || (*value != "multicast" && *value != "hybrid")) {
                return refused(R"(The PTP clock's option "delayRequest" must be "multicast" or "hybrid".)");
            }
            options.delay_mode = *value == "hybrid" ? DelayMode::hybrid : DelayMode::multicast;
        } else if (*name == "grandmaster") {
            const auto value = reader.take_bool();
            if (!value)
                return refused("The PTP clock's option \"grandmaster\" must be true or false.");
            is_grandmaster = *value;
        } else if (*name == "priority1" || *name == "priority2") {
            const auto value = reader.take_integer();
            if (!value || *value > 255) {
                return refused(
                    "The PTP clock's option " + quoted(*name) +
                    " must be an integer from 0 to 255; the lower, the more willing to be master.");
            }
            (*name == "priority1" ? grandmaster.priority1 : grandmaster.priority2) =
                static_cast<uint8_t>(*value);
        } else {
            return refused("The PTP clock has no option " + quoted(*name) +
                           R"(; it has "interface", "domain", "profile", "delayRequest", "grandmaster", )"
                           R"("priority1" and "priority2".)");
        }
        more = reader.take(',');
        if (!more && !reader.take('}'))
            return refused(malformed);
    }
    if (!reader.at_end())
        return refused(malformed);
    options.domain = domain ? static_cast<uint8_t>(*domain) : profile->domain;
    options.log_delay_interval = profile->log_delay_interval;
    grandmaster.log_announce_interval = profile->log_announce_interval;
    grandmaster.log_sync_interval = profile->log_sync_interval;
    if (is_grandmaster)
        options.grandmaster = grandmaster;
    return options;
}

} // namespace tutti::aes67::ptp
