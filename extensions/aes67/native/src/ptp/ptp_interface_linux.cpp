#include "ptp/ptp_interface.hpp"

#include <netpacket/packet.h>

#include <algorithm>

namespace tutti::aes67::ptp {

std::optional<std::array<uint8_t, 6>> mac_in(const sockaddr& address) {
    std::array<uint8_t, 6> mac{};
    const auto& link = reinterpret_cast<const sockaddr_ll&>(address);
    if (address.sa_family != AF_PACKET || link.sll_halen != mac.size())
        return std::nullopt;
    std::copy_n(link.sll_addr, mac.size(), mac.begin());
    return mac;
}

} // namespace tutti::aes67::ptp
