// Which messages come in: by the kernel's filter, and by our own check, the only one on systems without such
// filters.
#include "observer_sockets.hpp"

#include <doctest/doctest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

using namespace tutti::dante_compat;

TEST_CASE("PTPv1 sockets: the kernel lets in what our own check lets in, whatever comes") {
    // An Unix socket has no header before the datagram: the filter's offsets are of UDP.
    constexpr size_t udp_header = 8;
    int fds[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) == 0);
    REQUIRE(ObserverSockets::ask_kernel_to_drop_others(fds[1]));
    int let_in = 0;
    for (const int version : {0x0000, 0x0001, 0x0101, 0x0002, 0x0012}) {
        for (int control = 0; control < 256; ++control) {
            for (const size_t length : {1u, 2u, 32u, 33u, 124u}) {
                Datagram datagram{};
                datagram.bytes[0] = static_cast<uint8_t>(version >> 8);
                datagram.bytes[1] = static_cast<uint8_t>(version);
                datagram.bytes[32] = static_cast<uint8_t>(control);
                datagram.length = length;
                std::array<uint8_t, udp_header + sizeof datagram.bytes> sent{};
                std::copy(datagram.bytes.begin(), datagram.bytes.end(), sent.begin() + udp_header);
                send(fds[0], sent.data(), udp_header + length, 0);
                const bool came = recv(fds[1], sent.data(), sent.size(), 0) >= 0;
                let_in += came;
                if (came == ObserverSockets::is_ours(datagram))
                    continue;
                CAPTURE(version);
                CAPTURE(control);
                CAPTURE(length);
                FAIL("they differ");
            }
        }
    }
    CHECK(let_in == 4 * 2); // Sync, Delay_Req, Follow_Up, Delay_Resp, each at two lengths
    close(fds[0]);
    close(fds[1]);
}
