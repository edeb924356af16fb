// Who we are on the network.
#pragma once

#include <array>
#include <cstdint>

#include "ptp/ptp_message.hpp"

namespace tutti::aes67::ptp {

// Our first port's identity, an EUI-64 out of the MAC address of its interface; all zeros if there is none.
PortIdentity own_identity(const std::array<uint8_t, 6>& mac);

} // namespace tutti::aes67::ptp
