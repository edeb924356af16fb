#pragma once
#include <atomic>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace tutti::coreaudio {

/**
 * One value, one writer at a time, any readers; nobody waits. Two places take turns, so that a writer who
 * stands still in the middle of a value leaves the one before it whole. Constant-initialised, so that a
 * global one needs no code at load; what is read before the first value is all zeros.
 */
template <typename T> class Published {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % 8 == 0);
    static constexpr std::size_t words = sizeof(T) / 8;

  public:
    /// [audio] one at a time
    void store(const T& value) noexcept {
        uint64_t copy[words];
        std::memcpy(copy, &value, sizeof(T));
        const uint64_t count = count_.load(std::memory_order_relaxed) + 1;
        // Release on each word instead of a fence: whoever sees a word of this value in the place of the one
        // before last also sees that the last one was finished.
        for (std::size_t i = 0; i < words; ++i)
            places_[count % 2][i].store(copy[i], std::memory_order_release);
        count_.store(count, std::memory_order_release);
    }

    /// [audio] The newest whole value. Tries again only after a writer came to an end meanwhile.
    [[nodiscard]] T load() const noexcept {
        uint64_t copy[words];
        uint64_t count = count_.load(std::memory_order_acquire);
        for (;;) {
            for (std::size_t i = 0; i < words; ++i)
                copy[i] = places_[count % 2][i].load(std::memory_order_acquire);
            const uint64_t after = count_.load(std::memory_order_acquire);
            if (after == count)
                break;
            count = after;
        }
        T value;
        std::memcpy(&value, copy, sizeof(T));
        return value;
    }

  private:
    std::atomic<uint64_t> count_{0}; ///< values so far; the newest is in place count % 2
    std::atomic<uint64_t> places_[2][words] = {};
};

} // namespace tutti::coreaudio
