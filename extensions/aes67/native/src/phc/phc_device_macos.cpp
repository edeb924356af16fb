#include "phc/phc_device.hpp"

namespace tutti::aes67::phc {

std::string PhcDevice::open(const std::string&) {
    close();
    return "macOS gives programs no PTP hardware clock; use the clock \"ptp\", which is a PTP follower of "
           "its own.";
}

std::optional<ClockPair> PhcDevice::read() const noexcept {
    return std::nullopt;
}

} // namespace tutti::aes67::phc
