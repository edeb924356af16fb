#include "v1_writer.hpp"

#include <algorithm>
#include <cstring>

namespace tutti::dante_compat::test {
namespace {

void put(uint8_t* at, size_t bytes, uint64_t value) {
    for (size_t i = bytes; i-- > 0; value >>= 8)
        at[i] = static_cast<uint8_t>(value);
}

void put_uuid(uint8_t* at, const Uuid& uuid) {
    std::copy(uuid.begin(), uuid.end(), at);
}

void put_time(uint8_t* at, int64_t ns) {
    put(at, 4, static_cast<uint64_t>(ns / 1'000'000'000));
    put(at + 4, 4, static_cast<uint64_t>(ns % 1'000'000'000));
}

// Puts a body behind the header, of a datagram that has room for any; returns its length.
struct BodyWriter {
    uint8_t* m;

    size_t operator()(const Sync& sync) const {
        put_time(m + 40, sync.origin_ns);
        put(m + 50, 2, static_cast<uint16_t>(sync.utc_offset_s));
        m[53] = 1;
        put_uuid(m + 54, sync.grandmaster);
        m[67] = sync.stratum;
        std::copy(sync.identifier.begin(), sync.identifier.end(), m + 68);
        put(m + 74, 2, static_cast<uint16_t>(sync.variance));
        m[77] = sync.preferred;
        m[79] = sync.boundary_clock;
        m[83] = static_cast<uint8_t>(sync.log_interval);
        put(m + 86, 2, static_cast<uint16_t>(sync.variance));
        put(m + 90, 2, sync.steps_removed);
        m[95] = sync.stratum;
        std::copy(sync.identifier.begin(), sync.identifier.end(), m + 96);
        m[101] = 1;
        put_uuid(m + 102, sync.grandmaster);
        m[123] = sync.utc_reasonable;
        return finish(0, 1, 124);
    }
    size_t operator()(const DelayReq&) const {
        (*this)(Sync{});
        return finish(1, 1, 124);
    }
    size_t operator()(const FollowUp& follow_up) const {
        put(m + 42, 2, follow_up.of_sequence);
        put_time(m + 44, follow_up.origin_ns);
        return finish(2, 2, 52);
    }
    size_t operator()(const DelayResp& response) const {
        put_time(m + 40, response.receive_ns);
        m[49] = 1;
        put_uuid(m + 50, response.requester.uuid);
        put(m + 56, 2, response.requester.port);
        return finish(3, 2, 60);
    }

  private:
    size_t finish(uint8_t control, uint8_t type, size_t length) const {
        m[20] = type;
        m[32] = control;
        return length;
    }
};

} // namespace

std::vector<uint8_t> write(const Message& message) {
    std::vector<uint8_t> bytes(most_message_bytes);
    uint8_t* m = bytes.data();
    const Header& header = message.header;
    m[1] = 1;
    m[3] = 1;
    std::memcpy(m + 4, header.subdomain.data(), header.subdomain.size());
    m[21] = 1;
    put_uuid(m + 22, header.source.uuid);
    put(m + 28, 2, header.source.port);
    put(m + 30, 2, header.sequence);
    put(m + 34, 2, header.flags);
    bytes.resize(std::visit(BodyWriter{m}, message.body));
    return bytes;
}

Subdomain subdomain(const char* name) {
    Subdomain result{};
    std::strncpy(result.data(), name, result.size() - 1);
    return result;
}

Sync dante_sync(const Uuid& grandmaster, int64_t origin_ns) {
    Sync sync;
    sync.origin_ns = origin_ns;
    sync.grandmaster = grandmaster;
    sync.stratum = 153;
    sync.identifier = {'D', 'F', 'L', 'T'};
    sync.variance = 28768;
    sync.boundary_clock = true;
    sync.log_interval = -2;
    return sync;
}

Header dante_header(const PortId& source, uint16_t sequence) {
    return {subdomain("_DFLT"), source, sequence, 0x000C};
}

} // namespace tutti::dante_compat::test
