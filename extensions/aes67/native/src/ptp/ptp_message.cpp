#include "ptp/ptp_message.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace tutti::aes67::ptp {
namespace {

constexpr size_t header_bytes = 34;
constexpr int64_t second_ns = 1'000'000'000;

// Bytes that a message of the type has at least (IEEE 1588-2008 s.13.5 to 13.12); 0 for reserved types.
constexpr size_t bytes_of(uint8_t type) noexcept {
    switch (static_cast<MessageType>(type)) {
    case MessageType::sync:
    case MessageType::delay_req:
    case MessageType::follow_up:
    case MessageType::signaling:
        return 44;
    case MessageType::pdelay_req:
    case MessageType::pdelay_resp:
    case MessageType::pdelay_resp_follow_up:
    case MessageType::delay_resp:
        return 54;
    case MessageType::announce:
        return 64;
    case MessageType::management:
        return 48;
    }
    return 0;
}

uint64_t big_endian(const uint8_t* at, size_t bytes) noexcept {
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; ++i)
        value = value << 8 | at[i];
    return value;
}

void put(uint8_t* at, size_t bytes, uint64_t value) noexcept {
    for (size_t i = bytes; i-- > 0; value >>= 8)
        at[i] = static_cast<uint8_t>(value);
}

// False if the timestamp is none that we count with.
bool read_timestamp(const uint8_t* at, int64_t& ns) noexcept {
    const uint64_t seconds = big_endian(at, 6);
    const uint64_t rest = big_endian(at + 6, 4);
    if (seconds > static_cast<uint64_t>(most_timestamp_ns / second_ns) || rest >= second_ns)
        return false;
    ns = static_cast<int64_t>(seconds) * second_ns + static_cast<int64_t>(rest);
    return true;
}

void write_timestamp(uint8_t* at, int64_t ns) noexcept {
    put(at, 6, static_cast<uint64_t>(ns / second_ns));
    put(at + 6, 4, static_cast<uint64_t>(ns % second_ns));
}

PortIdentity read_port(const uint8_t* at) noexcept {
    PortIdentity port;
    std::copy_n(at, port.clock.size(), port.clock.begin());
    port.port = static_cast<uint16_t>(big_endian(at + 8, 2));
    return port;
}

void write_port(uint8_t* at, const PortIdentity& port) noexcept {
    std::copy(port.clock.begin(), port.clock.end(), at);
    put(at + 8, 2, port.port);
}

Announce read_announce(const uint8_t* m) noexcept {
    Announce announce;
    announce.utc_offset_s = static_cast<int16_t>(big_endian(m + 44, 2));
    announce.priority1 = m[47];
    announce.clock_class = m[48];
    announce.accuracy = m[49];
    announce.variance = static_cast<uint16_t>(big_endian(m + 50, 2));
    announce.priority2 = m[52];
    std::copy_n(m + 53, announce.grandmaster.size(), announce.grandmaster.begin());
    announce.steps_removed = static_cast<uint16_t>(big_endian(m + 61, 2));
    announce.time_source = m[63];
    return announce;
}

void write_announce(uint8_t* m, const Announce& announce) noexcept {
    put(m + 44, 2, static_cast<uint16_t>(announce.utc_offset_s));
    m[47] = announce.priority1;
    m[48] = announce.clock_class;
    m[49] = announce.accuracy;
    put(m + 50, 2, announce.variance);
    m[52] = announce.priority2;
    std::copy(announce.grandmaster.begin(), announce.grandmaster.end(), m + 53);
    put(m + 61, 2, announce.steps_removed);
    m[63] = announce.time_source;
}

Body body_of(MessageType type, const uint8_t* m, int64_t timestamp_ns) noexcept {
    switch (type) {
    case MessageType::sync:
        return Sync{timestamp_ns};
    case MessageType::delay_req:
        return DelayReq{timestamp_ns};
    case MessageType::pdelay_req:
        return PdelayReq{timestamp_ns};
    case MessageType::pdelay_resp:
        return PdelayResp{timestamp_ns, read_port(m + 44)};
    case MessageType::follow_up:
        return FollowUp{timestamp_ns};
    case MessageType::delay_resp:
        return DelayResp{timestamp_ns, read_port(m + 44)};
    case MessageType::pdelay_resp_follow_up:
        return PdelayRespFollowUp{timestamp_ns, read_port(m + 44)};
    case MessageType::announce:
        return read_announce(m);
    case MessageType::signaling:
    case MessageType::management:
        break;
    }
    return Unread{type};
}

// Writes a body behind the header and says which type it is.
struct BodyWriter {
    uint8_t* m;

    MessageType operator()(const Sync& sync) const noexcept {
        return timed(MessageType::sync, sync.origin_ns);
    }
    MessageType operator()(const DelayReq& request) const noexcept {
        return timed(MessageType::delay_req, request.origin_ns);
    }
    MessageType operator()(const PdelayReq& request) const noexcept {
        return timed(MessageType::pdelay_req, request.origin_ns);
    }
    MessageType operator()(const PdelayResp& response) const noexcept {
        return answered(MessageType::pdelay_resp, response.receive_ns, response.requester);
    }
    MessageType operator()(const FollowUp& follow_up) const noexcept {
        return timed(MessageType::follow_up, follow_up.origin_ns);
    }
    MessageType operator()(const DelayResp& response) const noexcept {
        return answered(MessageType::delay_resp, response.receive_ns, response.requester);
    }
    MessageType operator()(const PdelayRespFollowUp& response) const noexcept {
        return answered(MessageType::pdelay_resp_follow_up, response.origin_ns, response.requester);
    }
    MessageType operator()(const Announce& announce) const noexcept {
        write_announce(m, announce);
        return MessageType::announce;
    }
    MessageType operator()(const Unread& unread) const noexcept { return unread.type; }

  private:
    MessageType timed(MessageType type, int64_t ns) const noexcept {
        write_timestamp(m + 34, ns);
        return type;
    }
    MessageType answered(MessageType type, int64_t ns, const PortIdentity& requester) const noexcept {
        write_port(m + 44, requester);
        return timed(type, ns);
    }
};

// The deprecated controlField that old followers still look at (IEEE 1588-2008 table 23).
uint8_t control_of(MessageType type) noexcept {
    switch (type) {
    case MessageType::sync:
        return 0;
    case MessageType::delay_req:
        return 1;
    case MessageType::follow_up:
        return 2;
    case MessageType::delay_resp:
        return 3;
    default:
        return 5;
    }
}

} // namespace

ParseResult parse(std::span<const uint8_t> datagram) noexcept {
    if (datagram.size() < header_bytes)
        return Refusal{Defect::too_short, 0};
    const uint8_t* m = datagram.data();
    if ((m[1] & 0x0F) != 2)
        return Refusal{Defect::version, 1};
    if (m[0] >> 4 != 0)
        return Refusal{Defect::other_sdo, 0};
    const size_t least = bytes_of(m[0] & 0x0F);
    if (least == 0)
        return Refusal{Defect::unknown_type, 0};
    if (datagram.size() < least)
        return Refusal{Defect::too_short, 0};
    const size_t length = big_endian(m + 2, 2);
    if (length < least || length > datagram.size())
        return Refusal{Defect::length, 2};

    const auto type = static_cast<MessageType>(m[0] & 0x0F);
    Header header;
    header.domain = m[4];
    header.flags = static_cast<uint16_t>(big_endian(m + 6, 2));
    header.source = read_port(m + 20);
    header.sequence = static_cast<uint16_t>(big_endian(m + 30, 2));
    header.log_interval = static_cast<int8_t>(m[33]);
    if (type == MessageType::signaling || type == MessageType::management)
        return Message{header, Unread{type}};

    const auto scaled = static_cast<int64_t>(big_endian(m + 8, 8)); // ns * 2^16
    header.correction_ns = (scaled >> 16) + (scaled >> 15 & 1);
    if (header.correction_ns >= most_correction_ns || header.correction_ns <= -most_correction_ns)
        return Refusal{Defect::correction, 8};
    int64_t timestamp_ns = 0;
    // An Announce's originTimestamp means nothing to a follower.
    if (type != MessageType::announce && !read_timestamp(m + 34, timestamp_ns))
        return Refusal{Defect::timestamp, 34};
    return Message{header, body_of(type, m, timestamp_ns)};
}

size_t write(const Message& message, std::span<uint8_t> out) noexcept {
    std::array<uint8_t, most_message_bytes> m{};
    const MessageType type = std::visit(BodyWriter{m.data()}, message.body);
    const size_t length = bytes_of(static_cast<uint8_t>(type));
    if (std::holds_alternative<Unread>(message.body) || out.size() < length)
        return 0;
    const Header& header = message.header;
    m[0] = static_cast<uint8_t>(type);
    m[1] = 2;
    put(&m[2], 2, length);
    m[4] = header.domain;
    put(&m[6], 2, header.flags);
    put(&m[8], 8, static_cast<uint64_t>(header.correction_ns) << 16);
    write_port(&m[20], header.source);
    put(&m[30], 2, header.sequence);
    m[32] = control_of(type);
    m[33] = static_cast<uint8_t>(header.log_interval);
    std::copy_n(m.begin(), length, out.begin());
    return length;
}

std::string to_text(const ClockIdentity& identity) {
    char text[3 * std::tuple_size_v<ClockIdentity> + 1];
    for (size_t i = 0; i < identity.size(); ++i)
        std::snprintf(text + 3 * i, 4, "%02X-", identity[i]);
    return {text, sizeof text - 2};
}

} // namespace tutti::aes67::ptp
