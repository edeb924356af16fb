#include "ptp/card_stamps.hpp"

namespace tutti::aes67::ptp {

std::string CardStamps::open(const Interface&) {
    close();
    return "macOS has the network card's timestamps for itself, and none of departures";
}

} // namespace tutti::aes67::ptp
