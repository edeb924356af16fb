#include "ptp/own_identity.hpp"

#include <algorithm>
#include <random>

namespace tutti::aes67::ptp {
namespace {

// Of an interface that is not there yet, or has no address of its own: chance tells us from others in the
// same place, all of whose MACs are zeros, too.
std::array<uint8_t, 6> invented_mac() {
    std::array<uint8_t, 6> mac{};
    std::random_device random;
    std::generate(mac.begin(), mac.end(), [&] { return static_cast<uint8_t>(random()); });
    mac[0] &= 0xFC; // no group's; the bit that own_identity() sets says that it is nobody's product
    return mac;
}

} // namespace

// Not the usual FF-FE in the middle of the EUI-64, but something of our own: ptp4l on the same interface has
// that one, and two followers of one identity would take each other's answers.
PortIdentity own_identity(const std::array<uint8_t, 6>& of_interface) {
    const auto mac = of_interface == std::array<uint8_t, 6>{} ? invented_mac() : of_interface;
    const uint32_t own = std::random_device{}();
    return {{static_cast<uint8_t>(mac[0] | 2), mac[1], mac[2], static_cast<uint8_t>(own),
             static_cast<uint8_t>(own >> 8), mac[3], mac[4], mac[5]},
            1};
}

} // namespace tutti::aes67::ptp
