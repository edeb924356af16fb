#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "rtp_header_check.hpp"

using namespace tutti;

namespace rtp_header_test {

namespace {

using Bytes = std::vector<uint8_t>;

// A header as RFC 3550 s.5.1 draws it: first byte, then marker + payload type 96, sequence, timestamp, SSRC.
Bytes packet(uint8_t first, std::initializer_list<uint8_t> rest) {
    Bytes bytes{first, 0xE0, 0x12, 0x34, 0xDE, 0xAD, 0xBE, 0xEF, 0xCA, 0xFE, 0xF0, 0x0D};
    for (const uint8_t byte : rest)
        bytes.push_back(byte);
    return bytes;
}

RtpParse reason(const Bytes& bytes) {
    RtpHeader header{};
    return parse_rtp(bytes, header);
}

RtpHeader accepted(const Bytes& bytes) {
    RtpHeader header{};
    REQUIRE(parse_rtp(bytes, header) == RtpParse::ok);
    return header;
}

// Memory whose end is the end of a readable page: one byte read too far is a fault, in every build variant.
class GuardedBuffer {
  public:
    GuardedBuffer() : page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
        void* memory = mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        REQUIRE(memory != MAP_FAILED);
        base_ = static_cast<uint8_t*>(memory);
        REQUIRE(mprotect(base_ + page_, page_, PROT_NONE) == 0);
    }
    ~GuardedBuffer() { munmap(base_, 2 * page_); }
    GuardedBuffer(const GuardedBuffer&) = delete;
    GuardedBuffer& operator=(const GuardedBuffer&) = delete;

    std::span<const uint8_t> at_end(std::span<const uint8_t> bytes) {
        uint8_t* start = base_ + page_ - bytes.size();
        std::copy(bytes.begin(), bytes.end(), start);
        return {start, bytes.size()};
    }

  private:
    size_t page_;
    uint8_t* base_;
};

// Changes a few bytes, often those that steer the parser, and often the length.
void mutate(Bytes& bytes, std::mt19937& random) {
    const auto pick = [&](size_t bound) { return static_cast<size_t>(random()) % bound; };
    for (size_t change = 1 + pick(4); change > 0; --change) {
        switch (pick(6)) {
        case 0:
            bytes.resize(pick(96));
            break;
        case 1:
            bytes.resize(bytes.size() + pick(80));
            break;
        case 2:
            if (!bytes.empty())
                bytes[0] = static_cast<uint8_t>(0x80 | (random() & 0x3F));
            break;
        case 3:
            if (!bytes.empty())
                bytes.back() = static_cast<uint8_t>(pick(40));
            break;
        case 4:
            if (bytes.size() > 15)
                bytes[12 + pick(bytes.size() - 12)] = static_cast<uint8_t>(pick(6));
            break;
        default:
            if (!bytes.empty())
                bytes[pick(bytes.size())] = static_cast<uint8_t>(random());
            break;
        }
    }
}

} // namespace

TEST_CASE("RTP header: every field of a plain packet is read in network order") {
    const RtpHeader header = accepted(packet(0x80, {1, 2, 3}));
    CHECK(header.payload_type == 96);
    CHECK(header.marker);
    CHECK(header.sequence == 0x1234);
    CHECK(header.timestamp == 0xDEADBEEF);
    CHECK(header.ssrc == 0xCAFEF00D);
    CHECK(header.payload_offset == 12);
    CHECK(header.payload_bytes == 3);
}

TEST_CASE("RTP header: CSRC list and extension are skipped, padding is taken off") {
    const RtpHeader csrc = accepted(packet(0x82, {0, 0, 0, 1, 0, 0, 0, 2, 9, 9, 9}));
    CHECK(csrc.payload_offset == 20);
    CHECK(csrc.payload_bytes == 3);

    const RtpHeader extension = accepted(packet(0x90, {0xBE, 0xDE, 0, 1, 5, 6, 7, 8, 9, 9}));
    CHECK(extension.payload_offset == 20);
    CHECK(extension.payload_bytes == 2);

    const RtpHeader without_data = accepted(packet(0x90, {0xBE, 0xDE, 0, 0, 9}));
    CHECK(without_data.payload_offset == 16);
    CHECK(without_data.payload_bytes == 1);

    const RtpHeader padded = accepted(packet(0xA0, {9, 9, 9, 0, 2}));
    CHECK(padded.payload_offset == 12);
    CHECK(padded.payload_bytes == 3);

    const RtpHeader all = accepted(packet(0xB1, {0, 0, 0, 1, 0xBE, 0xDE, 0, 1, 5, 6, 7, 8, 9, 9, 9, 1}));
    CHECK(all.payload_offset == 24);
    CHECK(all.payload_bytes == 3);
}

TEST_CASE("RTP header: each malformed packet is refused with its own reason") {
    CHECK(reason({}) == RtpParse::too_short);
    CHECK(reason(Bytes(11, 0x80)) == RtpParse::too_short);
    CHECK(reason(packet(0x00, {1})) == RtpParse::version);
    CHECK(reason(packet(0x40, {1})) == RtpParse::version);
    CHECK(reason(packet(0xC0, {1})) == RtpParse::version);
    CHECK(reason(packet(0x81, {0, 0, 0})) == RtpParse::csrc_overrun);
    CHECK(reason(packet(0x8F, {0, 0, 0, 1})) == RtpParse::csrc_overrun);
    CHECK(reason(packet(0x90, {0xBE, 0xDE, 0})) == RtpParse::extension_overrun);
    CHECK(reason(packet(0x90, {0xBE, 0xDE, 0, 1, 5, 6, 7})) == RtpParse::extension_overrun);
    CHECK(reason(packet(0x90, {0xBE, 0xDE, 0xFF, 0xFF, 5, 6, 7, 8})) == RtpParse::extension_overrun);
    CHECK(reason(packet(0xA0, {9, 9, 0})) == RtpParse::padding_overrun);
    CHECK(reason(packet(0xA0, {9, 9, 4})) == RtpParse::padding_overrun);
    CHECK(reason(packet(0xA0, {})) == RtpParse::padding_overrun);
    CHECK(reason(packet(0xB1, {0, 0, 0, 1, 0xBE, 0xDE, 0, 0, 9, 3})) == RtpParse::padding_overrun);
    CHECK(reason(packet(0x80, {})) == RtpParse::empty);
    CHECK(reason(packet(0xA0, {0, 0, 3})) == RtpParse::empty);
    CHECK(reason(packet(0x81, {0, 0, 0, 1})) == RtpParse::empty);
}

TEST_CASE(
    "RTP header: every length of a packet with everything in it is accepted or refused, never overread") {
    GuardedBuffer buffer;
    const Bytes whole =
        packet(0xB2, {0, 0, 0, 1, 0, 0, 0, 2, 0xBE, 0xDE, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1, 1});
    for (size_t bytes = 0; bytes <= whole.size(); ++bytes) {
        const char* broken = test::broken_rtp_promise(buffer.at_end({whole.data(), bytes}));
        CHECK_MESSAGE(broken == nullptr, broken, " at length ", bytes);
    }
}

TEST_CASE("RTP header: what is written is what RFC 3550 draws") {
    std::array<uint8_t, 14> out{};
    out.back() = 0x77;
    write_rtp_header(out.data(), 97, 0xFFFE, 0x01020304, 0xA0B0C0D0);
    CHECK(out == std::array<uint8_t, 14>{0x80, 97, 0xFF, 0xFE, 1, 2, 3, 4, 0xA0, 0xB0, 0xC0, 0xD0, 0, 0x77});
}

TEST_CASE("RTP header: a million mutated packets break no promise") {
    GuardedBuffer buffer;
    std::mt19937 random(3550);
    const Bytes seed = packet(0xB1, {0, 0, 0, 1, 0xBE, 0xDE, 0, 1, 5, 6, 7, 8, 9, 9, 9, 1});
    size_t accepted_packets = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        Bytes bytes = seed;
        mutate(bytes, random);
        const auto given = buffer.at_end(bytes);
        if (const char* broken = test::broken_rtp_promise(given))
            FAIL(broken << " at input " << i);
        RtpHeader header{};
        accepted_packets += parse_rtp(given, header) == RtpParse::ok;
    }
    // Both answers must be common, else the loop tests little.
    CHECK(accepted_packets > 100'000);
    CHECK(accepted_packets < 900'000);
}

} // namespace rtp_header_test
