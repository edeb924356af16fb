#include "network_interface.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>

#include <memory>

namespace tutti::dante_compat {
namespace {

uint32_t address_of(const ifaddrs& entry) {
    return reinterpret_cast<const sockaddr_in*>(entry.ifa_addr)->sin_addr.s_addr;
}

bool is_wanted(const ifaddrs& entry, const std::string& wanted) {
    if (!entry.ifa_addr || entry.ifa_addr->sa_family != AF_INET || !(entry.ifa_flags & IFF_UP))
        return false;
    if (wanted.empty())
        return (entry.ifa_flags & IFF_MULTICAST) && !(entry.ifa_flags & IFF_LOOPBACK);
    return wanted == entry.ifa_name || wanted == address_text(address_of(entry));
}

} // namespace

std::optional<NetworkInterface> find_interface(const std::string& wanted) {
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0)
        return std::nullopt;
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, freeifaddrs);
    for (const ifaddrs* entry = list; entry; entry = entry->ifa_next) {
        if (is_wanted(*entry, wanted)) {
            return NetworkInterface{entry->ifa_name, static_cast<int>(if_nametoindex(entry->ifa_name)),
                                    address_of(*entry)};
        }
    }
    return std::nullopt;
}

std::string address_text(uint32_t address) {
    char text[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, &address, text, sizeof text);
    return text;
}

} // namespace tutti::dante_compat
