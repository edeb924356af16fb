// Messages a second, averaged over the last eight.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tutti::aes67::ptp {

// Messages of one kind each, heard and sent together: a port does one of the two at a time.
template <typename Number> struct MessageCount {
    Number announce{};
    Number sync{};
    Number delay_request{};
    Number delay_response{};
};

// Of one thread, does not allocate.
class MessageRates {
  public:
    static constexpr int64_t sample_ns = 1'000'000'000;

    // With the counts so far; call it at least once a second.
    void sample(const MessageCount<uint64_t>& count, int64_t now) noexcept {
        if (taken_ > 0 && now - newest().at_ns < sample_ns)
            return;
        samples_[taken_++ % capacity] = {count, now};
    }

    // 0 in the first second.
    MessageCount<double> per_second() const noexcept {
        if (taken_ < 2)
            return {};
        const Sample& last = newest();
        const Sample& first = samples_[taken_ > capacity ? taken_ % capacity : 0];
        const double seconds = static_cast<double>(last.at_ns - first.at_ns) * 1e-9;
        const auto rate = [&](uint64_t from, uint64_t to) {
            return static_cast<double>(to - from) / seconds;
        };
        return {rate(first.count.announce, last.count.announce), rate(first.count.sync, last.count.sync),
                rate(first.count.delay_request, last.count.delay_request),
                rate(first.count.delay_response, last.count.delay_response)};
    }

  private:
    static constexpr size_t capacity = 9; // eight seconds between the first and the last
    struct Sample {
        MessageCount<uint64_t> count;
        int64_t at_ns;
    };
    const Sample& newest() const noexcept { return samples_[(taken_ - 1) % capacity]; }

    std::array<Sample, capacity> samples_{};
    size_t taken_ = 0;
};

} // namespace tutti::aes67::ptp
