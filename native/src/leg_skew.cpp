#include "leg_skew.hpp"

#include <cstdlib>

namespace tutti {
namespace {

/// Half a second of the shortest packets: more than class C of ST 2022-7 (450 ms) allows. A power of two.
constexpr std::size_t remembered = 4096;
constexpr int64_t window_ns = 4'000'000'000;
/// A copy that comes later belongs to another round of the sequence numbers.
constexpr int64_t longest_ns = 1'000'000'000;

} // namespace

LegSkew::LegSkew() : firsts_(remembered) {}

void LegSkew::add(uint16_t sequence, uint32_t leg, int64_t arrival_local) noexcept {
    if (arrival_local - window_begin_ >= window_ns) {
        const bool is_next = arrival_local - window_begin_ < 2 * window_ns;
        largest_[1] = is_next ? largest_[0] : 0;
        largest_[0] = 0;
        window_begin_ = arrival_local;
    }
    First& first = firsts_[sequence % remembered];
    const int64_t apart = arrival_local - first.arrival;
    if (first.waits && first.sequence == sequence && first.leg != leg && apart < longest_ns) {
        first.waits = false;
        const int64_t skew = leg == 1 ? apart : -apart;
        if (std::abs(skew) > std::abs(largest_[0]))
            largest_[0] = skew;
        return;
    }
    first = {arrival_local, sequence, static_cast<uint8_t>(leg), true};
}

int64_t LegSkew::largest() const noexcept {
    return std::abs(largest_[0]) > std::abs(largest_[1]) ? largest_[0] : largest_[1];
}

} // namespace tutti
