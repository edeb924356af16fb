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
    bool operator==(const Interface&) const = default;
};

// [control] or the source's thread. The interface that is up and has this IPv4 address or name; for an empty
// text the first that is up, can multicast and is not the loopback. None if there is none.
std::optional<Interface> find_interface(const std::string& wanted);

// The MAC address in one of getifaddrs' addresses, if that is what it is: ptp_interface_linux.cpp,
// ptp_interface_macos.cpp.
std::optional<std::array<uint8_t, 6>> mac_in(const sockaddr& address);

} // namespace tutti::aes67::ptp
