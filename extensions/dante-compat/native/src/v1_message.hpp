// PTPv1 messages (IEEE 1588-2002 annex D): typed results out of bytes that nobody vouches for. Reading only:
// this library never sends.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace tutti::dante_compat {

using Uuid = std::array<uint8_t, 6>;    // of a clock: the MAC address of its port
using Identifier = std::array<char, 4>; // kind of clock: "ATOM", "GPS", "NTP", "HAND", "INIT", "DFLT"
using Subdomain = std::array<char, 16>; // NUL-padded name

struct PortId {
    Uuid uuid{};
    uint16_t port = 0;
    auto operator<=>(const PortId&) const = default;
};

// Flags of the header (IEEE 1588-2002 table 23).
namespace flag {
inline constexpr uint16_t leap61 = 0x0001;
inline constexpr uint16_t leap59 = 0x0002;
inline constexpr uint16_t assist = 0x0008; // a Follow_Up comes
} // namespace flag

struct Header {
    Subdomain subdomain{};
    PortId source;
    uint16_t sequence = 0;
    uint16_t flags = 0;
    bool has(uint16_t bits) const noexcept { return (flags & bits) != 0; }
};

// Timestamps are ns since the epoch of the sender's timescale, 0 to most_timestamp_ns. The epoch of a Dante
// leader is when it was switched on.
struct Sync {
    int64_t origin_ns = 0;
    int16_t utc_offset_s = 0;
    Uuid grandmaster{};
    uint8_t stratum = 255; // 1 or 2 is traceable, 3 and 4 are less, 255 never leads (IEEE 1588-2002 table 3)
    Identifier identifier{};
    int16_t variance = 0; // log2 of s^2, scaled by 256
    bool preferred = false;
    bool boundary_clock = false; // the grandmaster is one
    int8_t log_interval = 0;     // log2 of s between Syncs
    uint16_t steps_removed = 0;
    bool utc_reasonable = false;
};
struct DelayReq {};
struct FollowUp {
    uint16_t of_sequence = 0;
    int64_t origin_ns = 0;
};
struct DelayResp {
    int64_t receive_ns = 0;
    PortId requester;
};

using Body = std::variant<Sync, DelayReq, FollowUp, DelayResp>;

struct Message {
    Header header;
    Body body;
};

enum class Defect : uint8_t {
    too_short,       // fewer bytes than a header, or than the message needs
    version,         // versionPTP is not 1
    subdomain,       // the name is empty, not printable or not ended
    unknown_control, // Management, or reserved
    timestamp        // nanoseconds are negative, or a second or more
};

// Where and why a datagram was refused.
struct Refusal {
    Defect defect;
    uint8_t offset; // of the field, from the message's start
};

using ParseResult = std::variant<Message, Refusal>;

inline constexpr int64_t most_timestamp_ns = 4'294'967'296LL * 1'000'000'000 - 1; // 2^32 s
inline constexpr size_t most_message_bytes = 124;

// [any] thread. Reads one UDP datagram; takes any bytes behind the message.
ParseResult parse(std::span<const uint8_t> datagram) noexcept;

// The four subdomains that have a multicast group of their own (IEEE 1588-2002 table 2).
inline constexpr std::array<const char*, 4> subdomain_names = {"_DFLT", "_ALT1", "_ALT2", "_ALT3"};

// Index into subdomain_names, which is also the last byte of the group less 129; nothing for other names.
std::optional<uint8_t> index_of(const Subdomain& subdomain) noexcept;

// The name without its padding.
std::string to_text(const Subdomain& subdomain);
// Printable characters only, without quotes and backslashes.
std::string to_text(const Identifier& identifier);

// The EUI-64 of a MAC address, as PTPv2 makes it (IEEE 1588-2008 s.7.5.2.2.2), so that one device has one
// name in both.
std::array<uint8_t, 8> to_eui64(const Uuid& uuid) noexcept;
// As engineers read it: 00-1D-C1-FF-FE-12-34-56.
std::string eui64_text(const Uuid& uuid);

} // namespace tutti::dante_compat
