// The network interface that is listened on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tutti::dante_compat {

struct NetworkInterface {
    std::string name;
    int index = 0;
    uint32_t address = 0; // IPv4, network order
    bool operator==(const NetworkInterface&) const = default;
};

// [control] or the source's thread. The interface that is up and has this IPv4 address or name; for an empty
// text the first that is up, can multicast and is not the loopback. None if there is none.
std::optional<NetworkInterface> find_interface(const std::string& wanted);

// 10.0.0.1
std::string address_text(uint32_t address);

} // namespace tutti::dante_compat
