#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace tutti::prbs {

enum class SignalKind { prbs, full_scale };

/**
 * A test signal: each sample is a function of its channel and frame, so that a checker can tell both from the
 * data. Samples are integers of `bits` bits, held left-justified in 32 bits.
 *
 * prbs        sample = bijection(frame mod 2^bits), keyed with channel and frame / 2^bits: the inverse gives
 * the frame full_scale  the extreme and the smallest values in a pseudo-random order; the frame is found by
 * search
 */
class Signal {
  public:
    Signal(SignalKind kind, unsigned bits) : kind_(kind), bits_(bits) {}

    [[nodiscard]] int32_t sample(uint32_t channel, uint64_t frame) const noexcept;

    /// One frame, as many channels as `samples` holds: much faster than one by one, if the next frames
    /// follow.
    void frame(uint32_t first_channel, uint64_t frame, std::vector<int32_t>& samples);

    /// The frame at which `channel` begins with these consecutive samples.
    [[nodiscard]] std::optional<uint64_t> locate(uint32_t channel, const std::vector<int32_t>& samples) const;
    /// Consecutive samples that `locate` needs to be sure.
    [[nodiscard]] unsigned needed() const noexcept { return kind_ == SignalKind::prbs ? 6 : 24; }
    [[nodiscard]] unsigned bits() const noexcept { return bits_; }

    /// What makes one channel's round of 2^bits frames unlike any other (see signal.cpp).
    using Keys = std::array<uint32_t, 3>;

  private:
    [[nodiscard]] bool matches(uint32_t channel, uint64_t frame, const std::vector<int32_t>& samples) const;

    SignalKind kind_;
    unsigned bits_;
    // Of the frame that was asked for last; its neighbours are mostly of its round.
    std::vector<Keys> keys_;
    uint64_t keys_round_ = 0;
    uint32_t keys_first_channel_ = 0;
};

} // namespace tutti::prbs
