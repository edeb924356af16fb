#pragma once
#include <atomic>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace tutti::coreaudio {

/**
 * One value, one writer at a time, any readers; nobody waits. A reader that meets the writer tries again, a
 * bounded number of times. Constant-initialised, so that a global one needs no code at load.
 */
template <typename T> class Published {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % 8 == 0);
    static constexpr std::size_t words = sizeof(T) / 8;

  public:
    /// [audio] one at a time
    void store(const T& value) noexcept {
        uint64_t copy[words];
        std::memcpy(copy, &value, sizeof(T));
        const uint64_t sequence = sequence_.load(std::memory_order_relaxed);
        sequence_.store(sequence + 1, std::memory_order_relaxed);
        // Release on each word instead of a fence: whoever sees a new word also sees the odd sequence.
        for (std::size_t i = 0; i < words; ++i)
            words_[i].store(copy[i], std::memory_order_release);
        sequence_.store(sequence + 2, std::memory_order_release);
    }

    /// [audio] False if the writer was inside at every attempt; `value` is then as it was.
    bool load(T& value) const noexcept {
        for (int attempt = 0; attempt < 1000; ++attempt) {
            const uint64_t before = sequence_.load(std::memory_order_acquire);
            if ((before & 1) != 0)
                continue;
            uint64_t copy[words];
            for (std::size_t i = 0; i < words; ++i)
                copy[i] = words_[i].load(std::memory_order_acquire);
            if (sequence_.load(std::memory_order_relaxed) != before)
                continue;
            std::memcpy(&value, copy, sizeof(T));
            return true;
        }
        return false;
    }

  private:
    std::atomic<uint64_t> sequence_{0};
    std::atomic<uint64_t> words_[words] = {};
};

} // namespace tutti::coreaudio
