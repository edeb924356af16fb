// PTPv2 messages on the wire (IEEE 1588-2008 s.13): typed results out of bytes that nobody vouches for, and
// back.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>

namespace tutti::aes67::ptp {

using ClockIdentity = std::array<uint8_t, 8>;

struct PortIdentity {
    ClockIdentity clock{};
    uint16_t port = 0;
    auto operator<=>(const PortIdentity&) const = default;
};

// IEEE 1588-2008 table 19.
enum class MessageType : uint8_t {
    sync = 0,
    delay_req = 1,
    pdelay_req = 2,
    pdelay_resp = 3,
    follow_up = 8,
    delay_resp = 9,
    pdelay_resp_follow_up = 10,
    announce = 11,
    signaling = 12,
    management = 13
};

// flagField, octet 0 in the high byte (IEEE 1588-2008 table 20).
namespace flag {
inline constexpr uint16_t alternate_master = 0x0100;
inline constexpr uint16_t two_step = 0x0200;
inline constexpr uint16_t unicast = 0x0400;
inline constexpr uint16_t leap61 = 0x0001;
inline constexpr uint16_t leap59 = 0x0002;
inline constexpr uint16_t utc_offset_valid = 0x0004;
inline constexpr uint16_t ptp_timescale = 0x0008;
inline constexpr uint16_t time_traceable = 0x0010;
inline constexpr uint16_t frequency_traceable = 0x0020;
} // namespace flag

inline constexpr int8_t no_interval = 0x7F; // logMessageInterval of unicast messages and Delay_Req

struct Header {
    uint8_t domain = 0;
    uint16_t flags = 0;
    int64_t correction_ns = 0; // correctionField, rounded to whole ns
    PortIdentity source;
    uint16_t sequence = 0;
    int8_t log_interval = no_interval;
    bool has(uint16_t bits) const noexcept { return (flags & bits) != 0; }
};

// Timestamps are ns since the epoch of the sender's timescale, 0 to most_timestamp_ns.
struct Sync {
    int64_t origin_ns = 0;
};
struct DelayReq {
    int64_t origin_ns = 0;
};
struct FollowUp {
    int64_t origin_ns = 0;
};
struct DelayResp {
    int64_t receive_ns = 0;
    PortIdentity requester;
};
struct PdelayReq {
    int64_t origin_ns = 0;
};
struct PdelayResp {
    int64_t receive_ns = 0;
    PortIdentity requester;
};
struct PdelayRespFollowUp {
    int64_t origin_ns = 0;
    PortIdentity requester;
};
struct Announce {
    int16_t utc_offset_s = 0;
    uint8_t priority1 = 0;
    uint8_t clock_class = 0;
    uint8_t accuracy = 0;
    uint16_t variance = 0;
    uint8_t priority2 = 0;
    ClockIdentity grandmaster{};
    uint16_t steps_removed = 0;
    uint8_t time_source = 0;
};
// Signaling and Management: known, not read.
struct Unread {
    MessageType type = MessageType::signaling;
};

using Body = std::variant<Sync, DelayReq, PdelayReq, PdelayResp, FollowUp, DelayResp, PdelayRespFollowUp,
                          Announce, Unread>;

struct Message {
    Header header;
    Body body;
};

enum class Defect : uint8_t {
    too_short,    // fewer bytes than a header, or than the type needs
    version,      // versionPTP is not 2
    other_sdo,    // transportSpecific is not 0: 802.1AS
    unknown_type, // messageType is reserved
    length,       // messageLength is below what the type needs, or beyond the datagram
    timestamp,    // nanoseconds of a second or more, or seconds beyond the year 2242
    correction    // of 10 s or more; the all-ones value means "too large" (IEEE 1588-2008 s.13.3.2.7)
};

// Where and why a datagram was refused.
struct Refusal {
    Defect defect;
    uint8_t offset; // of the field, from the message's start
};

using ParseResult = std::variant<Message, Refusal>;

// ns arithmetic must not overflow, whatever a sender claims.
inline constexpr int64_t most_timestamp_ns = 8'589'934'592LL * 1'000'000'000 - 1; // 2^33 s
inline constexpr int64_t most_correction_ns = 10'000'000'000;
inline constexpr size_t most_message_bytes = 64;

// [any] thread. Reads one UDP datagram. Takes any minor version and any bytes behind messageLength (senders
// pad), and ignores TLVs, the deprecated control field and minorSdoId.
ParseResult parse(std::span<const uint8_t> datagram) noexcept;

// [any] thread. Writes a message of our own, with messageLength and control; returns its length, or 0 if
// `out` is too small or the message is an Unread one.
size_t write(const Message& message, std::span<uint8_t> out) noexcept;

// As engineers read it: 00-1D-C1-FF-FE-12-34-56.
std::string to_text(const ClockIdentity& identity);

} // namespace tutti::aes67::ptp
