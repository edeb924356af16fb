// The network interface that PTP runs on.
#pragma once

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

} // namespace tutti::aes67::ptp
