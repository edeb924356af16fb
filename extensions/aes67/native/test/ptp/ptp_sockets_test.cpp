// Which messages come in: by the kernel's filter, and by our own check, the only one on systems without such
// filters.
#include "ptp/ptp_sockets.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

using namespace tutti::aes67::ptp;

namespace {

// A socket on the loopback interface that sends to itself: what was sent is there at once, or was dropped.
class Echo {
  public:
    Echo() : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* any = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(bind(fd_, any, sizeof address) == 0);
        REQUIRE(getsockname(fd_, any, &length) == 0);
        REQUIRE(connect(fd_, any, sizeof address) == 0);
    }
    ~Echo() { close(fd_); }
    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;

    int fd() const { return fd_; }
    bool lets_in(const Datagram& sent) const {
        REQUIRE(send(fd_, sent.bytes.data(), sent.length, 0) == static_cast<ssize_t>(sent.length));
        Datagram received;
        return recv(fd_, received.bytes.data(), received.bytes.size(), 0) >= 0;
    }

  private:
    int fd_;
};

constexpr ClockIdentity ours = {1, 2, 3, 4, 5, 6, 7, 8};
constexpr ClockIdentity other = {1, 2, 3, 4, 5, 6, 7, 9};

Datagram message(uint8_t first, uint8_t version, const ClockIdentity& source, size_t length) {
    Datagram datagram{};
    datagram.bytes[0] = first;
    datagram.bytes[1] = version;
    std::copy(source.begin(), source.end(), datagram.bytes.begin() + 20);
    datagram.length = length;
    return datagram;
}

} // namespace

TEST_CASE("PTP sockets: the master's messages come in, requests to who serves, and Announce") {
    const auto lets_in = [](MessageType type, const std::optional<ClockIdentity>& master, bool serves) {
        return Sockets::lets_in(message(static_cast<uint8_t>(type), 2, ours, 64), master, serves);
    };
    for (const MessageType timed : {MessageType::sync, MessageType::follow_up, MessageType::delay_resp}) {
        CHECK(lets_in(timed, ours, false));
        CHECK_FALSE(lets_in(timed, other, true));
        CHECK_FALSE(lets_in(timed, std::nullopt, true));
    }
    CHECK(lets_in(MessageType::delay_req, std::nullopt, true));
    CHECK_FALSE(lets_in(MessageType::delay_req, ours, false));
    for (const MessageType always : {MessageType::announce, MessageType::pdelay_req})
        CHECK(lets_in(always, std::nullopt, false));
    for (const MessageType never : {MessageType::signaling, MessageType::management, MessageType::pdelay_resp,
                                    MessageType::pdelay_resp_follow_up})
        CHECK_FALSE(lets_in(never, ours, true));
}

TEST_CASE("PTP sockets: the kernel lets in what our own check lets in, whatever comes") {
    for (const auto& master : {std::optional<ClockIdentity>{}, std::optional(ours)}) {
        for (const bool serves : {false, true}) {
            const Echo echo;
            REQUIRE(Sockets::ask_kernel_to_drop_others(echo.fd(), master, serves));
            for (int first = 0; first < 256; ++first) {
                for (const uint8_t version : {1, 2, 0x12, 3}) {
                    for (const auto& source : {ours, other}) {
                        for (const size_t length : {1u, 2u, 27u, 28u, 64u}) {
                            const Datagram sent =
                                message(static_cast<uint8_t>(first), version, source, length);
                            if (echo.lets_in(sent) == Sockets::lets_in(sent, master, serves))
                                continue;
                            CAPTURE(master.has_value());
                            CAPTURE(serves);
                            CAPTURE(first);
                            CAPTURE(int{version});
                            CAPTURE(length);
                            FAIL("they differ");
                        }
                    }
                }
            }
        }
    }
}
