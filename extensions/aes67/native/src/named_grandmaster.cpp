#include "named_grandmaster.hpp"

#include <algorithm>
#include <charconv>

namespace tutti::aes67 {
namespace {

std::optional<std::array<uint8_t, 8>> parse_identity(std::string_view text) {
    std::array<uint8_t, 8> identity{};
    if (text.size() != 3 * identity.size() - 1)
        return std::nullopt;
    for (size_t i = 0; i < identity.size(); ++i) {
        const char* digits = text.data() + 3 * i;
        const bool separated = i == 0 || digits[-1] == '-' || digits[-1] == ':';
        if (!separated || std::from_chars(digits, digits + 2, identity[i], 16).ptr != digits + 2)
            return std::nullopt;
    }
    return identity;
}

} // namespace

std::optional<std::string> NamedGrandmaster::take(std::string_view option, OptionReader& reader,
                                                  std::string_view clock) {
    const auto must = [&](const char* be) {
        return "The " + std::string(clock) + "'s option " + quoted(option) + " must be " + be;
    };
    if (option == "grandmaster") {
        identity_ = parse_identity(reader.take_string().value_or(""));
        return identity_ ? "" : must("an EUI-64 such as \"00-1D-C1-FF-FE-12-34-56\".");
    }
    if (option == "domain") {
        const auto value = reader.take_integer();
        if (!value || *value > 127)
            return must("an integer from 0 to 127.");
        domain_ = static_cast<uint8_t>(*value);
        return "";
    }
    return std::nullopt;
}

void NamedGrandmaster::write_to(tutti_clock_relation& relation) const noexcept {
    if (!identity_)
        return;
    std::copy(identity_->begin(), identity_->end(), relation.grandmaster);
    relation.has_grandmaster = 1;
    relation.domain = domain_;
}

} // namespace tutti::aes67
