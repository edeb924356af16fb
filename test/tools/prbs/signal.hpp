#pragma once
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

    /// The frame at which `channel` begins with these consecutive samples.
    [[nodiscard]] std::optional<uint64_t> locate(uint32_t channel, const std::vector<int32_t>& samples) const;
    /// Consecutive samples that `locate` needs to be sure.
    [[nodiscard]] unsigned needed() const noexcept { return kind_ == SignalKind::prbs ? 6 : 24; }
    [[nodiscard]] unsigned bits() const noexcept { return bits_; }

  private:
    [[nodiscard]] bool matches(uint32_t channel, uint64_t frame, const std::vector<int32_t>& samples) const;

    SignalKind kind_;
    unsigned bits_;
};

} // namespace tutti::prbs
