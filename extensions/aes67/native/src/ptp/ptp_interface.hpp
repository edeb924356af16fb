// The network interface that PTP runs on.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace tutti::aes67::ptp {

struct Interface {
    std::string name;
    int index = 0;
    uint32_t address = 0; // IPv4, network order
    std::array<uint8_t, 6> mac{};
    bool has_carrier = false; // IFF_RUNNING: the cable is plugged in, or the system cannot say
    bool operator==(const Interface&) const = default;
};

// [control] or the source's thread. The interface that is up and has this IPv4 address or name; for an empty
// text the first that is up, can multicast and is not the loopback. None if there is none.
std::optional<Interface> find_interface(const std::string& wanted);

// Whether what was opened on `old` is to be opened anew. A cable that is plugged in again is such a case:
// what lies behind it may be another network, and a driver may have forgotten its settings. One that is
// pulled is not: there is nobody there to listen to.
bool should_reopen(const std::optional<Interface>& old, const Interface& found);

// The MAC address in one of getifaddrs' addresses, if that is what it is: ptp_interface_linux.cpp,
// ptp_interface_macos.cpp.
std::optional<std::array<uint8_t, 6>> mac_in(const sockaddr& address);

} // namespace tutti::aes67::ptp
