#include "ptp/ptp_interface.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <cstring>
#include <memory>

namespace tutti::aes67::ptp {
namespace {

bool is_wanted(const ifaddrs& entry, const std::string& wanted) {
    if (wanted.empty())
        return (entry.ifa_flags & IFF_MULTICAST) && !(entry.ifa_flags & IFF_LOOPBACK);
    in_addr address{};
    if (inet_pton(AF_INET, wanted.c_str(), &address) == 1)
        return reinterpret_cast<const sockaddr_in*>(entry.ifa_addr)->sin_addr.s_addr == address.s_addr;
    return wanted == entry.ifa_name;
}

std::array<uint8_t, 6> mac_of(const ifaddrs* list, const char* name) {
    std::array<uint8_t, 6> mac{};
    for (const ifaddrs* entry = list; entry; entry = entry->ifa_next) {
        if (entry->ifa_addr && std::strcmp(entry->ifa_name, name) == 0)
            mac = mac_in(*entry->ifa_addr).value_or(mac);
    }
    return mac;
}

} // namespace

std::optional<Interface> find_interface(const std::string& wanted) {
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0)
        return std::nullopt;
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, freeifaddrs);
    for (const ifaddrs* entry = list; entry; entry = entry->ifa_next) {
        if (!entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET || !(entry->ifa_flags & IFF_UP) ||
            !is_wanted(*entry, wanted))
            continue;
        return Interface{entry->ifa_name, static_cast<int>(if_nametoindex(entry->ifa_name)),
                         reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr.s_addr,
                         mac_of(list, entry->ifa_name), (entry->ifa_flags & IFF_RUNNING) != 0};
    }
    return std::nullopt;
}

bool should_reopen(const std::optional<Interface>& old, const Interface& found) {
    if (!old || (found.has_carrier && !old->has_carrier))
        return true;
    Interface same = found;
    same.has_carrier = old->has_carrier;
    return same != *old;
}

} // namespace tutti::aes67::ptp
