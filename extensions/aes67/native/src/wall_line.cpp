#include "wall_line.hpp"

namespace tutti::aes67 {

void WallLine::begin(const ClockPair& pair) noexcept {
    offset_ns_ = pair.wall_ns - pair.local_ns;
    error_ns_ = pair.half_bracket_ns;
}

bool WallLine::follow(const ClockPair& pair) noexcept {
    const int64_t difference = pair.wall_ns - pair.local_ns - offset_ns_;
    const int64_t explained = threshold_ns + error_ns_ + pair.half_bracket_ns;
    if (difference >= -explained && difference <= explained)
        return false;
    begin(pair);
    ++generation_;
    return true;
}

} // namespace tutti::aes67
