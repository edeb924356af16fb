#include "net_interface.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>

namespace tutti {

static_assert(std::endian::native == std::endian::little, "is_multicast and the telemetry file count on it");

uint32_t interface_index(const std::string& address) {
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0)
        return 0;
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, freeifaddrs);
    const uint32_t wanted = ipv4(address);
    for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
        if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET ||
            !(entry->ifa_flags & IFF_UP))
            continue;
        if (reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr.s_addr == wanted) {
            return if_nametoindex(entry->ifa_name);
        }
    }
    return 0;
}

Problem interface_gone(const std::string& field, const std::string& address) {
    return {"interfaceGone", field, "no interface that is up has the address " + address,
            "connect it or choose another interface; it is tried again by itself"};
}

Problem socket_problem(int error, const std::string& field, const std::string& what) {
    const std::string message = what + ": " + std::strerror(error);
    switch (error) {
    case EADDRINUSE:
        return {"conflict", field, message, "another program has the port; stop it or use another port"};
    case EACCES:
    case EPERM:
        return {"permission", field, message,
                "run Tutti with the right to do this, or use a port above 1023"};
    case EADDRNOTAVAIL:
    case ENODEV:
    case ENETUNREACH:
    case ENETDOWN:
        return {"interfaceGone", field, message, "check the interface; it is tried again by itself"};
    case ENOBUFS:
        return {"limit", field, message, "raise net.ipv4.igmp_max_memberships"};
    default:
        return {"internal", field, message, ""};
    }
}

uint32_t ipv4(const std::string& address) {
    in_addr result{};
    inet_pton(AF_INET, address.c_str(), &result);
    return result.s_addr;
}

} // namespace tutti
