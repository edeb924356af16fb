#include "ptp/ptp_interface.hpp"

#include <net/if_dl.h>

#include <algorithm>

namespace tutti::aes67::ptp {

std::optional<std::array<uint8_t, 6>> mac_in(const sockaddr& address) {
    std::array<uint8_t, 6> mac{};
    const auto& link = reinterpret_cast<const sockaddr_dl&>(address);
    if (address.sa_family != AF_LINK || link.sdl_alen != mac.size())
        return std::nullopt;
    std::copy_n(LLADDR(&link), mac.size(), mac.begin());
    return mac;
}

} // namespace tutti::aes67::ptp
