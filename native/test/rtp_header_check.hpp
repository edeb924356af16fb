// What must hold for any bytes given to parse_rtp; shared by the libFuzzer target and the mutation loop of
// the tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "../src/rtp_header.hpp"

namespace tutti::test {

// nullptr when all holds, else what was broken.
inline const char* broken_rtp_promise(std::span<const uint8_t> packet) {
    const RtpHeader untouched{0x01020304, 0x05060708, 0x090A, 0x0B, true, 0x0C0D, 0x0E0F};
    RtpHeader header = untouched;
    const RtpParse result = parse_rtp(packet, header);
    const size_t bytes = packet.size();
    if ((result == RtpParse::too_short) != (bytes < rtp_header_bytes))
        return "too_short means fewer than 12 bytes";
    if (bytes < rtp_header_bytes)
        return nullptr;
    if ((result == RtpParse::version) != (packet[0] >> 6 != 2))
        return "version means not version 2";
    if (result != RtpParse::ok) {
        const bool same = header.timestamp == untouched.timestamp && header.ssrc == untouched.ssrc &&
                          header.sequence == untouched.sequence &&
                          header.payload_type == untouched.payload_type &&
                          header.payload_offset == untouched.payload_offset &&
                          header.payload_bytes == untouched.payload_bytes;
        return same ? nullptr : "a refused packet leaves the header alone";
    }
    if (header.payload_bytes == 0)
        return "an accepted packet has a payload";
    if (header.payload_offset < rtp_header_bytes || header.payload_offset % 4 != 0)
        return "headers are whole words";
    if (header.payload_offset > bytes || header.payload_bytes > bytes - header.payload_offset) {
        return "the payload lies inside the packet";
    }
    const size_t padding = bytes - header.payload_offset - header.payload_bytes;
    if (padding != ((packet[0] & 0x20) ? packet[bytes - 1] : 0))
        return "only counted padding is taken off";

    // Stripped to fixed header and payload it must read as the same packet.
    std::vector<uint8_t> plain(rtp_header_bytes + header.payload_bytes);
    write_rtp_header(plain.data(), header.payload_type, header.sequence, header.timestamp, header.ssrc);
    std::copy_n(packet.begin() + static_cast<std::ptrdiff_t>(header.payload_offset), header.payload_bytes,
                plain.begin() + rtp_header_bytes);
    RtpHeader again{};
    if (parse_rtp(plain, again) != RtpParse::ok)
        return "a written header can be read";
    if (again.payload_type != header.payload_type || again.sequence != header.sequence ||
        again.timestamp != header.timestamp || again.ssrc != header.ssrc || again.marker ||
        again.payload_offset != rtp_header_bytes || again.payload_bytes != header.payload_bytes) {
        return "a written header reads as what was written";
    }
    return nullptr;
}

} // namespace tutti::test
