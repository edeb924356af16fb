// How many requests are served: a share for each sender and a bound for all of them, so that one that floods
// takes little from the others and nothing from our own messages.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace tutti::aes67::ptp {

// Leaky buckets; senders whose addresses fall together share one. Of one thread, does not allocate.
class RequestLimit {
  public:
    static constexpr int64_t sender_gap_ns = 1'000'000'000 / 32; // twice the fastest that a profile allows us
    static constexpr int64_t sender_burst = 16;
    static constexpr int64_t gap_ns = 1'000'000; // 1000 a second: followers by the hundred
    static constexpr int64_t burst = 64;

    bool admit(uint32_t address, int64_t now) noexcept {
        Bucket& sender = senders_[address * 2654435761u >> 24]; // multiplicative hash
        if (!sender.has_room(now, sender_gap_ns, sender_burst) || !all_.has_room(now, gap_ns, burst))
            return false;
        sender.fill(now, sender_gap_ns);
        all_.fill(now, gap_ns);
        return true;
    }

  private:
    struct Bucket {
        int64_t empty_at_ns = INT64_MIN / 2;
        bool has_room(int64_t now, int64_t gap, int64_t most) const noexcept {
            return empty_at_ns - now <= (most - 1) * gap;
        }
        void fill(int64_t now, int64_t gap) noexcept { empty_at_ns = std::max(empty_at_ns, now) + gap; }
    };
    std::array<Bucket, 256> senders_{};
    Bucket all_;
};

} // namespace tutti::aes67::ptp
