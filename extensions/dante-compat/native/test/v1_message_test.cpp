#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <vector>

#include "v1_message.hpp"
#include "v1_writer.hpp"

using namespace tutti::dante_compat;
using namespace tutti::dante_compat::test;

namespace v1_message_test {

namespace {

using Bytes = std::vector<uint8_t>;

const PortId leader = {{0x00, 0x1D, 0xC1, 0x12, 0x34, 0x56}, 1};
const PortId requester = {{2, 1, 2, 3, 4, 5}, 9};
constexpr int64_t time_ns = 4711'123'456'789;

Bytes bytes_of(const Body& body) {
    return write({dante_header(leader, 0xBEEF), body});
}

std::vector<Bytes> one_of_each() {
    return {bytes_of(dante_sync(leader.uuid, time_ns)), bytes_of(DelayReq{}),
            bytes_of(FollowUp{0xBEEE, most_timestamp_ns}), bytes_of(DelayResp{time_ns, requester})};
}

Refusal refusal_of(const Bytes& bytes) {
    const ParseResult result = parse(bytes);
    REQUIRE(std::holds_alternative<Refusal>(result));
    return std::get<Refusal>(result);
}

void check_refused(const Bytes& bytes, Defect defect, int offset) {
    const Refusal refusal = refusal_of(bytes);
    CHECK(bool{refusal.defect == defect});
    CHECK(int{refusal.offset} == offset);
}

template <typename T> T body_of(const Bytes& bytes) {
    const ParseResult result = parse(bytes);
    REQUIRE(std::holds_alternative<Message>(result));
    REQUIRE(std::holds_alternative<T>(std::get<Message>(result).body));
    return std::get<T>(std::get<Message>(result).body);
}

} // namespace

TEST_CASE("PTPv1 message: a header is read as it stands") {
    for (const Bytes& bytes : one_of_each()) {
        const ParseResult result = parse(bytes);
        REQUIRE(std::holds_alternative<Message>(result));
        const Header& header = std::get<Message>(result).header;
        CHECK(to_text(header.subdomain) == "_DFLT");
        CHECK(index_of(header.subdomain) == 0);
        CHECK(bool{header.source == leader});
        CHECK(header.sequence == 0xBEEF);
        CHECK(header.has(flag::assist));
        CHECK_FALSE(header.has(flag::leap61 | flag::leap59));
    }
}

TEST_CASE("PTPv1 message: a Sync says what its leader is") {
    Sync wanted = dante_sync(requester.uuid, time_ns);
    wanted.utc_offset_s = -37;
    wanted.variance = -4000;
    wanted.preferred = true;
    wanted.steps_removed = 515;
    wanted.utc_reasonable = true;
    const auto sync = body_of<Sync>(bytes_of(wanted));
    CHECK(sync.origin_ns == time_ns);
    CHECK(sync.utc_offset_s == -37);
    CHECK(sync.grandmaster == requester.uuid);
    CHECK(sync.stratum == 153);
    CHECK(to_text(sync.identifier) == "DFLT");
    CHECK(sync.variance == -4000);
    CHECK(sync.preferred);
    CHECK(sync.boundary_clock);
    CHECK(sync.log_interval == -2);
    CHECK(sync.steps_removed == 515);
    CHECK(sync.utc_reasonable);
}

TEST_CASE("PTPv1 message: Follow_Up and Delay_Resp name what they answer") {
    const auto follow_up = body_of<FollowUp>(bytes_of(FollowUp{0xBEEE, time_ns}));
    CHECK(follow_up.of_sequence == 0xBEEE);
    CHECK(follow_up.origin_ns == time_ns);
    const auto response = body_of<DelayResp>(bytes_of(DelayResp{time_ns, requester}));
    CHECK(response.receive_ns == time_ns);
    CHECK(bool{response.requester == requester});
}

TEST_CASE("PTPv1 message: lengths are never believed") {
    for (const Bytes& whole : one_of_each()) {
        for (size_t length = 0; length < whole.size(); ++length)
            check_refused(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)),
                          Defect::too_short, 0);
        Bytes padded = whole;
        padded.resize(300, 0xA5);
        CHECK(std::holds_alternative<Message>(parse(padded)));
    }
}

TEST_CASE("PTPv1 message: what is refused is refused with its place") {
    Bytes bytes = bytes_of(dante_sync(leader.uuid));
    bytes[1] = 2;
    check_refused(bytes, Defect::version, 0);
    bytes = bytes_of(dante_sync(leader.uuid));
    bytes[0] = 0x12;
    check_refused(bytes, Defect::version, 0);
    bytes = bytes_of(dante_sync(leader.uuid));
    for (const uint8_t control : {4, 5, 255}) {
        bytes[32] = control;
        check_refused(bytes, Defect::unknown_control, 32);
    }
    bytes = bytes_of(dante_sync(leader.uuid));
    std::memset(&bytes[44], 0x80, 4); // negative nanoseconds
    check_refused(bytes, Defect::timestamp, 44);
    bytes = bytes_of(FollowUp{1, 0});
    const uint8_t second[] = {0x3B, 0x9A, 0xCA, 0x00};
    std::memcpy(&bytes[48], second, 4);
    check_refused(bytes, Defect::timestamp, 48);
}

TEST_CASE("PTPv1 message: a subdomain is a printable name that ends") {
    for (const char* name : {"", "with blank", "quo\"te", "back\\slash", "\x7F"}) {
        CAPTURE(name);
        Bytes bytes = bytes_of(DelayReq{});
        std::memset(&bytes[4], 0, 16);
        std::memcpy(&bytes[4], name, std::strlen(name));
        check_refused(bytes, Defect::subdomain, 4);
    }
    Bytes bytes = bytes_of(DelayReq{});
    std::memset(&bytes[4], 'x', 16);
    check_refused(bytes, Defect::subdomain, 4);
    bytes[19] = 0;
    bytes[12] = 0; // what follows the first NUL does not count
    const ParseResult result = parse(bytes);
    REQUIRE(std::holds_alternative<Message>(result));
    CHECK(to_text(std::get<Message>(result).header.subdomain) == "xxxxxxxx");
    CHECK(std::get<Message>(result).header.subdomain[10] == 0);
    CHECK_FALSE(index_of(std::get<Message>(result).header.subdomain));
    CHECK(index_of(subdomain("_ALT3")) == 3);
}

TEST_CASE("PTPv1 message: what people read has no character that could break its frame") {
    CHECK(to_text(Identifier{'A', '"', '\\', '\n'}) == "A");
    CHECK(to_text(Identifier{'G', 'P', 'S', '\0'}) == "GPS");
    CHECK(eui64_text(leader.uuid) == "00-1D-C1-FF-FE-12-34-56");
}

TEST_CASE("PTPv1 message: a million mutations give a message within its bounds or a refusal with a place") {
    std::mt19937 random(2002);
    const std::vector<Bytes> seeds = one_of_each();
    size_t messages = 0;
    size_t broken = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        // Exactly as long as it says, on the heap, so that a sanitizer sees the first byte beyond.
        Bytes bytes = seeds[random() % seeds.size()];
        for (uint32_t change = 1 + random() % 3; change > 0; --change)
            bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
        if (random() % 4 == 0)
            bytes.resize(random() % 160, static_cast<uint8_t>(random()));
        const ParseResult result = parse(bytes);
        if (const auto* refusal = std::get_if<Refusal>(&result)) {
            broken += refusal->offset >= most_message_bytes;
            continue;
        }
        ++messages;
        const auto& message = std::get<Message>(result);
        broken += message.header.subdomain.back() != 0;
        int64_t time = 0;
        if (const auto* sync = std::get_if<Sync>(&message.body))
            time = sync->origin_ns;
        if (const auto* follow_up = std::get_if<FollowUp>(&message.body))
            time = follow_up->origin_ns;
        if (const auto* response = std::get_if<DelayResp>(&message.body))
            time = response->receive_ns;
        broken += time < 0 || time > most_timestamp_ns;
    }
    CHECK(broken == 0);
    CHECK(messages > 300'000);
}

} // namespace v1_message_test
