#include "rtp_header.hpp"

namespace tutti {
namespace {

constexpr uint8_t version_2 = 0x80;
constexpr uint8_t version_mask = 0xC0;
constexpr uint8_t padding_bit = 0x20;
constexpr uint8_t extension_bit = 0x10;
constexpr uint8_t csrc_count_mask = 0x0F;
constexpr uint8_t marker_bit = 0x80;
constexpr uint8_t payload_type_mask = 0x7F;
constexpr size_t word = 4; // CSRC entries and extension data are counted in 32-bit words
constexpr size_t extension_header_bytes = 4;

uint16_t read_u16(const uint8_t* at) noexcept {
    return static_cast<uint16_t>(at[0] << 8 | at[1]);
}

uint32_t read_u32(const uint8_t* at) noexcept {
    return uint32_t{read_u16(at)} << 16 | read_u16(at + 2);
}

void write_u16(uint8_t* at, uint16_t value) noexcept {
    at[0] = static_cast<uint8_t>(value >> 8);
    at[1] = static_cast<uint8_t>(value);
}

void write_u32(uint8_t* at, uint32_t value) noexcept {
    write_u16(at, static_cast<uint16_t>(value >> 16));
    write_u16(at + 2, static_cast<uint16_t>(value));
}

} // namespace

// Every comparison is `needed > bytes - offset` with offset <= bytes, so that nothing wraps.
RtpParse parse_rtp(std::span<const uint8_t> packet, RtpHeader& header) noexcept {
    const size_t bytes = packet.size();
    if (bytes < rtp_header_bytes)
        return RtpParse::too_short;
    const uint8_t* const p = packet.data();
    if ((p[0] & version_mask) != version_2)
        return RtpParse::version;

    size_t offset = rtp_header_bytes;
    const size_t csrc_bytes = (p[0] & csrc_count_mask) * word;
    if (csrc_bytes > bytes - offset)
        return RtpParse::csrc_overrun;
    offset += csrc_bytes;

    if (p[0] & extension_bit) {
        if (extension_header_bytes > bytes - offset)
            return RtpParse::extension_overrun;
        const size_t data_bytes = read_u16(p + offset + 2) * word;
        offset += extension_header_bytes;
        if (data_bytes > bytes - offset)
            return RtpParse::extension_overrun;
        offset += data_bytes;
    }

    size_t payload_bytes = bytes - offset;
    if (p[0] & padding_bit) {
        if (payload_bytes == 0)
            return RtpParse::padding_overrun;
        const size_t padding = p[bytes - 1]; // counts itself, so 0 is an error
        if (padding == 0 || padding > payload_bytes)
            return RtpParse::padding_overrun;
        payload_bytes -= padding;
    }
    if (payload_bytes == 0)
        return RtpParse::empty;

    header = {.timestamp = read_u32(p + 4),
              .ssrc = read_u32(p + 8),
              .sequence = read_u16(p + 2),
              .payload_type = static_cast<uint8_t>(p[1] & payload_type_mask),
              .marker = (p[1] & marker_bit) != 0,
              .payload_offset = offset,
              .payload_bytes = payload_bytes};
    return RtpParse::ok;
}

void write_rtp_header(uint8_t* out12, uint8_t payload_type, uint16_t sequence, uint32_t timestamp,
                      uint32_t ssrc) noexcept {
    out12[0] = version_2;
    out12[1] = payload_type & payload_type_mask;
    write_u16(out12 + 2, sequence);
    write_u32(out12 + 4, timestamp);
    write_u32(out12 + 8, ssrc);
}

} // namespace tutti
