#include "phc/nic_timestamping.hpp"

#include <linux/ethtool.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace tutti::aes67::phc {
namespace {

// What a filter lets through is enough if PTPv2 event messages over UDP/IPv4 are in it; narrowest first.
constexpr std::array<int, 3> useful_filters = {HWTSTAMP_FILTER_PTP_V2_L4_EVENT, HWTSTAMP_FILTER_PTP_V2_EVENT,
                                               HWTSTAMP_FILTER_ALL};

bool is_useful(int filter) noexcept {
    return std::find(useful_filters.begin(), useful_filters.end(), filter) != useful_filters.end();
}

// False with errno.
bool ask(const std::string& interface, unsigned long request, void* data) noexcept {
    ifreq asked{};
    if (interface.size() >= sizeof asked.ifr_name) {
        errno = ENODEV;
        return false;
    }
    std::memcpy(asked.ifr_name, interface.c_str(), interface.size() + 1);
    asked.ifr_data = static_cast<char*>(data);
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    const bool done = ::ioctl(fd, request, &asked) == 0;
    const int error = errno;
    ::close(fd);
    errno = error;
    return done;
}

} // namespace

NicTimestamping query_nic(const std::string& interface) noexcept {
    NicTimestamping nic;
    ethtool_ts_info info{};
    info.cmd = ETHTOOL_GET_TS_INFO;
    if (!ask(interface, SIOCETHTOOL, &info))
        return nic;
    constexpr uint32_t needed =
        SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE;
    nic.phc_index = info.phc_index;
    nic.has_hardware = (info.so_timestamping & needed) == needed && info.phc_index >= 0;
    nic.rx_filters = info.rx_filters;
    hwtstamp_config config{};
    nic.is_switched_on = ask(interface, SIOCGHWTSTAMP, &config) && config.tx_type == HWTSTAMP_TX_ON &&
                         is_useful(config.rx_filter);
    return nic;
}

std::string switch_on(const std::string& interface, const NicTimestamping& can) {
    if (can.is_switched_on)
        return "";
    for (const int filter : useful_filters) {
        if ((can.rx_filters & 1u << filter) == 0)
            continue;
        hwtstamp_config config{};
        config.tx_type = HWTSTAMP_TX_ON;
        config.rx_filter = filter;
        if (ask(interface, SIOCSHWTSTAMP, &config) && is_useful(config.rx_filter))
            return "";
        if (errno == EPERM)
            return "the network card's timestamps are switched off, and to switch them on takes "
                   "CAP_NET_ADMIN";
    }
    return "the network card does not stamp PTP over UDP";
}

} // namespace tutti::aes67::phc
