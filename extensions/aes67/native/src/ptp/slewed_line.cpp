#include "ptp/slewed_line.hpp"

#include <algorithm>
#include <cmath>

namespace tutti::aes67::ptp {

int64_t SlewedLine::at(int64_t local_ns) const noexcept {
    const int64_t elapsed = local_ns - local_ns_;
    return media_ns_ + elapsed + std::llround(static_cast<double>(elapsed) * rate_);
}

void SlewedLine::steer(int64_t local_ns, int64_t target_ns, double rate) noexcept {
    if (local_ns <= local_ns_)
        return; // never back: what was published stays true
    media_ns_ = at(local_ns);
    local_ns_ = local_ns;
    const double slew = static_cast<double>(target_ns - media_ns_) * 1e-9 / settling_s;
    rate_ = std::clamp(rate + std::clamp(slew, -most_slew, most_slew), -most_rate, most_rate);
}

void SlewedLine::step(int64_t local_ns, int64_t media_ns, double rate) noexcept {
    local_ns_ = std::max(local_ns, local_ns_);
    media_ns_ = media_ns + (local_ns_ - local_ns);
    rate_ = std::clamp(rate, -most_rate, most_rate);
}

} // namespace tutti::aes67::ptp
