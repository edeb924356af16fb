#include "v1_message.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace tutti::dante_compat {
namespace {

constexpr size_t header_bytes = 40;
constexpr uint32_t second_ns = 1'000'000'000;

// What a message says it is (IEEE 1588-2002 table 20).
enum Control : uint8_t { sync = 0, delay_req = 1, follow_up = 2, delay_resp = 3 };

constexpr size_t bytes_of(uint8_t control) noexcept {
    switch (control) {
    case Control::sync:
    case Control::delay_req:
        return 124;
    case Control::follow_up:
        return 52;
    case Control::delay_resp:
        return 60;
    default:
        return 0;
    }
}

uint16_t read16(const uint8_t* at) noexcept {
    return static_cast<uint16_t>(at[0] << 8 | at[1]);
}

uint32_t read32(const uint8_t* at) noexcept {
    return uint32_t{read16(at)} << 16 | read16(at + 2);
}

Uuid read_uuid(const uint8_t* at) noexcept {
    Uuid uuid;
    std::copy_n(at, uuid.size(), uuid.begin());
    return uuid;
}

// Nanoseconds are signed on the wire; negative ones are times before the epoch, which no clock tells.
std::optional<int64_t> read_timestamp(const uint8_t* at) noexcept {
    const uint32_t rest = read32(at + 4);
    if (rest >= second_ns)
        return std::nullopt;
    return int64_t{read32(at)} * second_ns + rest;
}

constexpr bool is_printable(char c) noexcept {
    return c > ' ' && c <= '~' && c != '"' && c != '\\';
}

// A printable name, and NULs behind it: what follows the first NUL is of no meaning, but kept out of
// comparisons.
std::optional<Subdomain> read_subdomain(const uint8_t* at) noexcept {
    Subdomain name{};
    size_t length = 0;
    for (; length < name.size() && at[length] != 0; ++length) {
        name[length] = static_cast<char>(at[length]);
        if (!is_printable(name[length]))
            return std::nullopt;
    }
    if (length == 0 || length == name.size())
        return std::nullopt;
    return name;
}

Sync read_sync(const uint8_t* m, int64_t origin_ns) noexcept {
    Sync sync;
    sync.origin_ns = origin_ns;
    sync.utc_offset_s = static_cast<int16_t>(read16(m + 50));
    sync.grandmaster = read_uuid(m + 54);
    sync.stratum = m[67];
    std::copy_n(m + 68, sync.identifier.size(), sync.identifier.begin());
    sync.variance = static_cast<int16_t>(read16(m + 74));
    sync.preferred = m[77] != 0;
    sync.boundary_clock = m[79] != 0;
    sync.log_interval = static_cast<int8_t>(m[83]);
    sync.steps_removed = read16(m + 90);
    sync.utc_reasonable = m[123] != 0;
    return sync;
}

} // namespace

ParseResult parse(std::span<const uint8_t> datagram) noexcept {
    if (datagram.size() < header_bytes)
        return Refusal{Defect::too_short, 0};
    const uint8_t* m = datagram.data();
    if (read16(m) != 1)
        return Refusal{Defect::version, 0};
    const uint8_t control = m[32];
    const size_t least = bytes_of(control);
    if (least == 0)
        return Refusal{Defect::unknown_control, 32};
    if (datagram.size() < least)
        return Refusal{Defect::too_short, 0};
    const auto subdomain = read_subdomain(m + 4);
    if (!subdomain)
        return Refusal{Defect::subdomain, 4};

    const Header header = {*subdomain, {read_uuid(m + 22), read16(m + 28)}, read16(m + 30), read16(m + 34)};
    if (control == Control::delay_req)
        return Message{header, DelayReq{}}; // laid out as a Sync, with the requester's own data
    const uint8_t at = control == Control::follow_up ? 44 : 40;
    const auto timestamp_ns = read_timestamp(m + at);
    if (!timestamp_ns)
        return Refusal{Defect::timestamp, static_cast<uint8_t>(at + 4)};
    if (control == Control::sync)
        return Message{header, read_sync(m, *timestamp_ns)};
    if (control == Control::follow_up)
        return Message{header, FollowUp{read16(m + 42), *timestamp_ns}};
    return Message{header, DelayResp{*timestamp_ns, {read_uuid(m + 50), read16(m + 56)}}};
}

std::optional<uint8_t> index_of(const Subdomain& subdomain) noexcept {
    for (uint8_t i = 0; i < subdomain_names.size(); ++i) {
        if (std::string_view(subdomain.data()) == subdomain_names[i])
            return i;
    }
    return std::nullopt;
}

std::string to_text(const Subdomain& subdomain) {
    return subdomain.data();
}

std::string to_text(const Identifier& identifier) {
    std::string text;
    for (const char c : identifier) {
        if (is_printable(c))
            text += c;
    }
    return text;
}

std::array<uint8_t, 8> to_eui64(const Uuid& uuid) noexcept {
    return {uuid[0], uuid[1], uuid[2], 0xFF, 0xFE, uuid[3], uuid[4], uuid[5]};
}

std::string eui64_text(const Uuid& uuid) {
    char text[25];
    char* at = text;
    for (const uint8_t byte : to_eui64(uuid))
        at += std::snprintf(at, 4, "%02X-", byte);
    return {text, sizeof text - 2};
}

} // namespace tutti::dante_compat
