#pragma once
#include <cstdint>
#include <vector>

namespace tutti {

/// By how much the two copies of a packet come one after the other (ST 2022-7): what the link offset must
/// hold besides the rest. Remembers when the last packets came, by sequence number.
class LegSkew {
  public:
    /// Takes memory for what it remembers. [control]
    LegSkew();

    /// A packet came by a leg. [audio]
    void add(uint16_t sequence, uint32_t leg, int64_t arrival_local) noexcept;

    /// Largest of the last four to eight seconds, ns: positive when the second leg is the later one. [audio]
    [[nodiscard]] int64_t largest() const noexcept;

  private:
    struct First {
        int64_t arrival = 0;
        uint16_t sequence = 0;
        uint8_t leg = 0;
        bool waits = false; ///< for the copy by the other leg
    };

    std::vector<First> firsts_;
    int64_t window_begin_ = 0;
    int64_t largest_[2] = {0, 0}; ///< of this window and of the one before
};

} // namespace tutti
