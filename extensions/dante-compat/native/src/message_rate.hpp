// How often something happens, of late.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace tutti::dante_compat {

// Counts in the last few whole seconds. Times never go back. Of one thread, does not allocate.
class MessageRate {
  public:
    void count(int64_t now_ns) noexcept {
        turn_to(now_ns);
        ++counts_[static_cast<size_t>(second_ % seconds)];
    }

    double per_second(int64_t now_ns) noexcept {
        turn_to(now_ns);
        if (first_ < 0 || second_ == first_)
            return 0;
        // The second that is under way is not whole.
        uint32_t sum = 0;
        for (const uint32_t count : counts_)
            sum += count;
        sum -= counts_[static_cast<size_t>(second_ % seconds)];
        return sum / static_cast<double>(std::min(second_ - first_, seconds - 1));
    }

  private:
    static constexpr int64_t seconds = 9;

    void turn_to(int64_t now_ns) noexcept {
        const int64_t now = now_ns / 1'000'000'000;
        if (first_ < 0 || now - second_ >= seconds) {
            counts_ = {};
            first_ = second_ = now;
        }
        for (; second_ < now; ++second_)
            counts_[static_cast<size_t>((second_ + 1) % seconds)] = 0;
    }

    std::array<uint32_t, seconds> counts_{};
    int64_t first_ = -1;
    int64_t second_ = 0;
};

} // namespace tutti::dante_compat
