// The RTP fixed header and what may follow it (RFC 3550 s.5.1): reading and writing, nothing of timing or
// placement.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tutti {

inline constexpr size_t rtp_header_bytes = 12; // without CSRC list and extension

struct RtpHeader {
    uint32_t timestamp;
    uint32_t ssrc;
    uint16_t sequence;
    uint8_t payload_type; // 0..127
    bool marker;
    size_t payload_offset; // bytes from the packet's first; CSRC list and extension are skipped
    size_t payload_bytes;  // at least 1; padding is already taken off
};

// What parse_rtp found; everything but `ok` is a malformed packet.
enum class RtpParse : uint8_t {
    ok,
    too_short,         // fewer than 12 bytes
    version,           // not version 2: RTP of 1996, STUN, or no RTP at all
    csrc_overrun,      // the CSRC list ends behind the packet
    extension_overrun, // the extension's header or its data end behind the packet
    padding_overrun,   // the padding count is 0 or larger than what is there
    empty,             // nothing but headers and padding
};

// [audio] and any other thread, at once; reads only `packet`, never blocks. `header` is written only when the
// result is `ok`, and then payload_offset + payload_bytes <= packet.size().
RtpParse parse_rtp(std::span<const uint8_t> packet, RtpHeader& header) noexcept;

// [audio] and any other thread. Writes the 12 bytes at `out12`: version 2, no padding, extension, CSRC
// (AES67-2018 s.6.3 wants none) or marker (continuous audio has none: RFC 3551 s.4.1). payload_type 0..127.
void write_rtp_header(uint8_t* out12, uint8_t payload_type, uint16_t sequence, uint32_t timestamp,
                      uint32_t ssrc) noexcept;

} // namespace tutti
