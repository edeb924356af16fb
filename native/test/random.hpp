#pragma once
#include <cstdint>

namespace tutti::test {

/// Small repeatable generator (xorshift64*), so that a failing property can be run again.
class Random {
  public:
    explicit Random(uint64_t seed) : state_(seed) {}
    uint64_t next() {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return state_ * 2685821657736338717ull;
    }
    /// 0 to bound - 1
    int64_t below(int64_t bound) { return static_cast<int64_t>(next() % static_cast<uint64_t>(bound)); }

  private:
    uint64_t state_;
};

} // namespace tutti::test
