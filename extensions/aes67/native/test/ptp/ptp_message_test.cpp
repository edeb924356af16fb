#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <vector>

#include "ptp/ptp_message.hpp"

using namespace tutti::aes67::ptp;

namespace ptp_message_test {

namespace {

using Bytes = std::vector<uint8_t>;

const PortIdentity sender = {{0x00, 0x1D, 0xC1, 0xFF, 0xFE, 0x12, 0x34, 0x56}, 2};
const PortIdentity requester = {{0x02, 1, 2, 3, 4, 5, 6, 7}, 9};

Message message(const Body& body) {
    Message result;
    result.header.domain = 127;
    result.header.flags = flag::two_step | flag::ptp_timescale;
    result.header.correction_ns = -1234;
    result.header.source = sender;
    result.header.sequence = 0xBEEF;
    result.header.log_interval = -3;
    result.body = body;
    return result;
}

Announce announce() {
    return {.utc_offset_s = -37,
            .priority1 = 249,
            .clock_class = 248,
            .accuracy = 0xFE,
            .variance = 0xF060,
            .priority2 = 120,
            .grandmaster = sender.clock,
            .steps_removed = 3,
            .time_source = 0xA0};
}

Bytes bytes_of(const Message& message) {
    Bytes bytes(most_message_bytes);
    bytes.resize(write(message, bytes));
    return bytes;
}

std::vector<Bytes> one_of_each() {
    constexpr int64_t time = 1'790'000'000'123'456'789;
    std::vector<Bytes> all;
    for (const Body& body : std::initializer_list<Body>{
             Sync{time}, DelayReq{0}, FollowUp{time}, DelayResp{time, requester}, PdelayReq{0},
             PdelayResp{time, requester}, PdelayRespFollowUp{most_timestamp_ns, requester}, announce()})
        all.push_back(bytes_of(message(body)));
    return all;
}

Defect defect_of(const Bytes& bytes) {
    const ParseResult result = parse(bytes);
    REQUIRE(std::holds_alternative<Refusal>(result));
    return std::get<Refusal>(result).defect;
}

const Message& parsed(const ParseResult& result) {
    REQUIRE(std::holds_alternative<Message>(result));
    return std::get<Message>(result);
}

} // namespace

TEST_CASE("PTP message: what is written is what is read, byte for byte") {
    for (const Bytes& bytes : one_of_each()) {
        CAPTURE(int{bytes[0]});
        const ParseResult result = parse(bytes);
        const Message& read = parsed(result);
        CHECK(read.header.domain == 127);
        CHECK(read.header.has(flag::two_step));
        CHECK(read.header.correction_ns == -1234);
        CHECK(bool{read.header.source == sender});
        CHECK(read.header.sequence == 0xBEEF);
        CHECK(read.header.log_interval == -3);
        CHECK(bytes_of(read) == bytes);
    }
}

TEST_CASE("PTP message: an Announce is laid out as in IEEE 1588-2008 table 25") {
    const Bytes bytes = bytes_of(message(announce()));
    REQUIRE(bytes.size() == 64);
    CHECK(bytes[0] == 0x0B);
    CHECK(bytes[1] == 2);
    CHECK(bytes[3] == 64);
    CHECK(bytes[44] == 0xFF); // -37
    CHECK(bytes[45] == 0xDB);
    CHECK(bytes[47] == 249);
    CHECK(bytes[52] == 120);
    CHECK(bytes[62] == 3);
    CHECK(bytes[63] == 0xA0);
}

TEST_CASE("PTP message: padding, TLVs, a minor version and the reserved bits are tolerated") {
    for (Bytes bytes : one_of_each()) {
        const size_t length = bytes.size();
        bytes.resize(length + 90, 0xA5);
        bytes[1] = 0x12;  // IEEE 1588-2019
        bytes[5] = 0xFF;  // minorSdoId
        bytes[32] = 0xEE; // control
        std::memset(&bytes[16], 0xFF, 4);
        CHECK(std::holds_alternative<Message>(parse(bytes)));
        bytes[3] = static_cast<uint8_t>(length + 20); // a TLV inside
        CHECK(std::holds_alternative<Message>(parse(bytes)));
    }
}

TEST_CASE("PTP message: lengths are never believed") {
    for (const Bytes& whole : one_of_each()) {
        for (size_t length = 0; length < whole.size(); ++length) {
            const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
            CHECK(defect_of(cut) == Defect::too_short);
        }
        Bytes wrong = whole;
        wrong[3] = static_cast<uint8_t>(whole.size() + 1);
        CHECK(defect_of(wrong) == Defect::length);
        wrong[3] = static_cast<uint8_t>(whole.size() - 1);
        CHECK(defect_of(wrong) == Defect::length);
        wrong[2] = 0xFF;
        CHECK(defect_of(wrong) == Defect::length);
    }
}

TEST_CASE("PTP message: other versions, 802.1AS and reserved types are refused with a reason") {
    Bytes bytes = bytes_of(message(Sync{0}));
    bytes[1] = 1;
    CHECK(defect_of(bytes) == Defect::version);
    bytes[1] = 2;
    bytes[0] = 0x10;
    CHECK(defect_of(bytes) == Defect::other_sdo);
    for (const uint8_t type : {4, 5, 6, 7, 14, 15}) {
        bytes[0] = type;
        CHECK(defect_of(bytes) == Defect::unknown_type);
    }
}

TEST_CASE("PTP message: timestamps and corrections beyond all sense are refused") {
    Bytes bytes = bytes_of(message(Sync{0}));
    bytes[40] = 0x3B; // 10^9 ns
    bytes[41] = 0x9A;
    bytes[42] = 0xCA;
    CHECK(defect_of(bytes) == Defect::timestamp);
    bytes = bytes_of(message(Sync{most_timestamp_ns}));
    CHECK(std::get<Sync>(parsed(parse(bytes)).body).origin_ns == most_timestamp_ns);
    bytes[34] = 0xFF;
    CHECK(defect_of(bytes) == Defect::timestamp);
    bytes = bytes_of(message(Sync{0}));
    std::memset(&bytes[8], 0xFF, 8);
    bytes[8] = 0x7F; // "too large"
    CHECK(defect_of(bytes) == Defect::correction);
}

TEST_CASE("PTP message: a correction's fraction of a nanosecond is rounded") {
    Bytes bytes = bytes_of(message(Sync{0}));
    const auto correction_of = [&bytes](uint8_t low, uint8_t fraction) {
        std::memset(&bytes[8], 0, 8);
        bytes[13] = low;
        bytes[14] = fraction;
        return parsed(parse(bytes)).header.correction_ns;
    };
    CHECK(correction_of(7, 0x7F) == 7);
    CHECK(correction_of(7, 0x80) == 8);
}

TEST_CASE("PTP message: management and signaling are known and not read") {
    Bytes management = bytes_of(message(PdelayReq{0}));
    management[0] = 0x0D;
    std::memset(&management[8], 0xFF, 8);
    std::memset(&management[34], 0xFF, 10);
    const ParseResult result = parse(management);
    CHECK(std::get<Unread>(parsed(result).body).type == MessageType::management);
}

TEST_CASE("PTP message: a million mutations give a message within its bounds or a refusal") {
    std::mt19937 random(1588);
    const std::vector<Bytes> seeds = one_of_each();
    size_t messages = 0;
    size_t broken = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        // Exactly as long as it says, on the heap, so that a sanitizer sees the first byte beyond.
        Bytes bytes = seeds[random() % seeds.size()];
        for (uint32_t change = 1 + random() % 3; change > 0; --change)
            bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
        if (random() % 4 == 0)
            bytes.resize(random() % 96, static_cast<uint8_t>(random()));
        const ParseResult result = parse(bytes);
        if (const auto* refusal = std::get_if<Refusal>(&result)) {
            broken += refusal->offset >= 64;
            continue;
        }
        ++messages;
        const auto& message = std::get<Message>(result);
        const int64_t correction = message.header.correction_ns;
        broken += correction <= -most_correction_ns || correction >= most_correction_ns;
        if (const auto* sync = std::get_if<Sync>(&message.body))
            broken += sync->origin_ns < 0 || sync->origin_ns > most_timestamp_ns;
        if (const auto* response = std::get_if<DelayResp>(&message.body))
            broken += response->receive_ns < 0 || response->receive_ns > most_timestamp_ns;
    }
    CHECK(broken == 0);
    CHECK(messages > 300'000);
}

TEST_CASE("PTP message: nothing is written where it does not fit") {
    std::array<uint8_t, most_message_bytes> room{};
    CHECK(write(message(Sync{0}), std::span(room).first(43)) == 0);
    CHECK(write(message(Sync{0}), std::span(room).first(44)) == 44);
    CHECK(write(message(Unread{MessageType::management}), room) == 0);
}

TEST_CASE("PTP message: identities are shown as engineers read them") {
    CHECK(to_text(sender.clock) == "00-1D-C1-FF-FE-12-34-56");
}

} // namespace ptp_message_test
