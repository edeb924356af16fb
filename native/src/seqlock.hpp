#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace tutti {

/**
 * One value, one writer at a time, any readers. The writer is wait-free; a reader retries while the writer is
 * inside, which lasts a few nanoseconds. The words are atomics, so that a torn read is detected and is no
 * data race either.
 */
template <typename T> class Seqlock {
    static_assert(std::is_trivially_copyable_v<T>);
    static constexpr std::size_t words = (sizeof(T) + 7) / 8;

  public:
    /// [any] one at a time
    void store(const T& value) noexcept {
        std::array<uint64_t, words> copy{};
        std::memcpy(copy.data(), &value, sizeof(T));
        const uint32_t sequence = sequence_.load(std::memory_order_relaxed);
        sequence_.store(sequence + 1, std::memory_order_relaxed);
        // Release on each word instead of a fence: whoever sees a new word also sees the odd sequence.
        for (std::size_t i = 0; i < words; ++i)
            words_[i].store(copy[i], std::memory_order_release);
        sequence_.store(sequence + 2 == 0 ? 2 : sequence + 2, std::memory_order_release); // 0: never written
    }

    /// [any] False if nothing was ever stored, or the writer was inside at every attempt; `value` is then as
    /// it was. Bounded, so that a real-time reader that keeps the writer from running does not wait for it.
    bool load(T& value) const noexcept {
        for (int attempt = 0; attempt < 100; ++attempt) {
            const uint32_t before = sequence_.load(std::memory_order_acquire);
            if (before == 0)
                return false;
            if (before & 1)
                continue;
            std::array<uint64_t, words> copy;
            for (std::size_t i = 0; i < words; ++i)
                copy[i] = words_[i].load(std::memory_order_acquire);
            if (sequence_.load(std::memory_order_relaxed) != before)
                continue;
            std::memcpy(&value, copy.data(), sizeof(T));
            return true;
        }
        return false;
    }

  private:
    std::atomic<uint32_t> sequence_{0};
    std::array<std::atomic<uint64_t>, words> words_{};
};

} // namespace tutti
