#include "phc/nic_timestamping.hpp"
#include "ptp/card_stamps.hpp"

namespace tutti::aes67::ptp {

std::string CardStamps::open(const Interface& interface) {
    close();
    misfits_ = 0;
    const phc::NicTimestamping nic = phc::query_nic(interface.name);
    if (!nic.has_hardware)
        return nic.phc_index < 0 ? "the network card has no clock"
                                 : "the network card does not stamp packets";
    if (std::string reason = phc::switch_on(interface.name, nic); !reason.empty())
        return reason;
    const std::string path = "/dev/ptp" + std::to_string(nic.phc_index);
    return device_.open(path).empty() ? "" : path + " cannot be read";
}

} // namespace tutti::aes67::ptp
