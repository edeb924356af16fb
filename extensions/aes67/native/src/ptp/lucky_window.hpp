// Which of the recent timestamps of one direction to believe: queues only ever add delay, so those that were
// fastest are nearest to the truth.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tutti::aes67::ptp {

// One message: when it was here on the local clock, and when there on the master's (corrections applied).
struct TimePair {
    int64_t local_ns;
    int64_t master_ns;
};

// The line that a pair's delay is measured against.
struct Line {
    int64_t local_ns = 0;
    double media_ns = 0; // behind `base_ns`
    double rate = 0;     // deviation
    int64_t base_ns = 0;

    // How far behind `pair.master_ns` the line is, at the pair's local time.
    double beyond(const TimePair& pair) const noexcept {
        const auto elapsed = static_cast<double>(pair.local_ns - local_ns);
        return static_cast<double>(base_ns - pair.master_ns + (pair.local_ns - local_ns)) + media_ns +
               elapsed * rate;
    }
};

// The last few seconds of one direction. Of one thread, does not allocate.
class LuckyWindow {
  public:
    static constexpr size_t capacity = 64;
    static constexpr size_t fewest = 8; // kept however old
    static constexpr int64_t span_ns = 4'000'000'000;

    // `sign` +1 if later than the line is more delay (Sync), -1 if earlier is (Delay_Req).
    explicit LuckyWindow(int sign) noexcept : sign_(sign) {}

    void add(const TimePair& pair) noexcept;
    void clear() noexcept { count_ = 0; }
    // Forgets all but the newest `keep`.
    void shorten(size_t keep) noexcept;

    struct Verdict {
        double excess_ns; // of the newest pair's delay over the quarter mark
        double spread_ns; // between the fastest and the quarter mark: the scatter of what is believed
        double range_ns;  // that delays usually vary by: twice from the fastest to the middle one
        double reach_s;   // age of the oldest
        size_t count;
        bool is_lucky() const noexcept { return excess_ns <= 0; }
    };
    // Judges the newest pair among all, measured against `line`. At least one must have been added.
    Verdict judge(const Line& line) const noexcept;

  private:
    const TimePair& newest(size_t age) const noexcept {
        return pairs_[(next_ + capacity - 1 - age) % capacity];
    }

    const int sign_;
    std::array<TimePair, capacity> pairs_{};
    size_t next_ = 0;
    size_t count_ = 0;
};

} // namespace tutti::aes67::ptp
