#include "signal.hpp"

#include <array>

namespace tutti::prbs {
namespace {

/// Where a search for the frame ends: a day at 48 kHz, and 350 s of full scale.
constexpr unsigned max_frame_bits = 32;
constexpr uint64_t max_searched_frames = 1U << 24;

uint64_t mix(uint64_t x) noexcept {
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93U;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93U;
    x ^= x >> 32;
    return x;
}

using Keys = Signal::Keys;

/// The first only moves a round along, so the others must tell any two rounds apart: with only one other, of
/// 16 bits, two of the rounds of a minute at 192 kHz were the same samples.
Keys keys_of(uint32_t channel, uint64_t round) noexcept {
    const uint64_t key = mix((round << 16) + channel + 1);
    return {static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 16), static_cast<uint32_t>(key >> 40)};
}

constexpr uint32_t multiplier = 0x9E3779B1U; // odd, hence invertible modulo any power of two

constexpr uint32_t inverse_of(uint32_t odd) {
    uint32_t inverse = odd;
    for (int i = 0; i < 5; ++i)
        inverse *= 2 - odd * inverse; // Newton's iteration modulo 2^32
    return inverse;
}

/// A bijection of the numbers below 2^bits. Shifting by half the width or more makes x ^= x >> s its own
/// inverse.
uint32_t scramble(uint32_t x, const Keys& keys, unsigned bits) noexcept {
    const uint32_t mask = (1U << bits) - 1;
    const unsigned half = (bits + 1) / 2;
    for (const uint32_t key : keys) {
        x = (x * multiplier + key) & mask;
        x ^= x >> half;
    }
    return x;
}

uint32_t unscramble(uint32_t x, const Keys& keys, unsigned bits) noexcept {
    const uint32_t mask = (1U << bits) - 1;
    const unsigned half = (bits + 1) / 2;
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
        x ^= x >> half;
        x = ((x - *key) * inverse_of(multiplier)) & mask;
    }
    return x;
}

int32_t edge_value(uint32_t choice, unsigned bits) noexcept {
    const auto max = static_cast<int32_t>((1U << (bits - 1)) - 1);
    const std::array<int32_t, 8> edges = {max, -max - 1, 1, -1, 0, max - 1, -max, max};
    return static_cast<int32_t>(static_cast<uint32_t>(edges[choice & 7]) << (32 - bits));
}

} // namespace

int32_t Signal::sample(uint32_t channel, uint64_t frame) const noexcept {
    if (kind_ == SignalKind::full_scale)
        return edge_value(static_cast<uint32_t>(mix(frame * 256 + channel)), bits_);
    const auto low = static_cast<uint32_t>(frame) & ((1U << bits_) - 1);
    return static_cast<int32_t>(scramble(low, keys_of(channel, frame >> bits_), bits_) << (32 - bits_));
}

void Signal::frame(uint32_t first_channel, uint64_t frame, std::vector<int32_t>& samples) {
    if (kind_ == SignalKind::full_scale) {
        for (uint32_t i = 0; i < samples.size(); ++i)
            samples[i] = sample(first_channel + i, frame);
        return;
    }
    const uint64_t round = frame >> bits_;
    if (keys_.size() != samples.size() || keys_round_ != round || keys_first_channel_ != first_channel) {
        keys_.clear();
        for (uint32_t i = 0; i < samples.size(); ++i)
            keys_.push_back(keys_of(first_channel + i, round));
        keys_round_ = round;
        keys_first_channel_ = first_channel;
    }
    const auto low = static_cast<uint32_t>(frame) & ((1U << bits_) - 1);
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<int32_t>(scramble(low, keys_[i], bits_) << (32 - bits_));
}

bool Signal::matches(uint32_t channel, uint64_t frame, const std::vector<int32_t>& samples) const {
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (sample(channel, frame + i) != samples[i])
            return false;
    }
    return true;
}

std::optional<uint64_t> Signal::locate(uint32_t channel, const std::vector<int32_t>& samples) const {
    if (samples.size() < needed())
        return std::nullopt;
    if (kind_ == SignalKind::full_scale) {
        for (uint64_t frame = 0; frame < max_searched_frames; ++frame) {
            if (matches(channel, frame, samples))
                return frame;
        }
        return std::nullopt;
    }
    const uint32_t first = static_cast<uint32_t>(samples[0]) >> (32 - bits_);
    for (uint64_t round = 0; round < uint64_t{1} << (max_frame_bits - bits_); ++round) {
        const uint64_t frame = (round << bits_) + unscramble(first, keys_of(channel, round), bits_);
        if (matches(channel, frame, samples))
            return frame;
    }
    return std::nullopt;
}

} // namespace tutti::prbs
