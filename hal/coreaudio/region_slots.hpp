#pragma once
#include "client/region_view.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace tutti::coreaudio {

/**
 * The region in use, changed without a lock: one thread puts a new one in, real-time threads use whichever is
 * there and never wait. Memory is given back only when nobody uses it any more.
 *
 * How: slots are never freed, so a reader may count itself into one that is just being replaced; it then
 * looks again whether it is still the one, and leaves it untouched if not. The writer gives memory back when
 * it has seen that a slot is not current and has no readers, in this order.
 */
class RegionSlots {
    struct Slot {
        std::atomic<uint32_t> readers{0};
        hal::RegionView view;
        uint64_t id = 0;
        void* data = nullptr; ///< to be unmapped; null if the slot is free
        std::size_t bytes = 0;
    };

  public:
    /// Use of the region during one call. Empty if there is none. [audio] Wait-free.
    class Use {
      public:
        explicit Use(RegionSlots& slots) noexcept : slot_(slots.enter()) {}
        ~Use() {
            if (slot_ != nullptr)
                slot_->readers.fetch_sub(1);
        }
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;

        [[nodiscard]] const hal::RegionView* view() const noexcept {
            return slot_ == nullptr ? nullptr : &slot_->view;
        }
        [[nodiscard]] uint64_t id() const noexcept { return slot_ == nullptr ? 0 : slot_->id; }

      private:
        Slot* slot_;
    };

    /// Takes ownership of mapped memory that was checked, and makes it the region in use. False, and nothing
    /// changes, if real-time threads still hold on to all the regions before it: try again later. [link]
    bool replace(void* data, std::size_t bytes, const hal::RegionGeometry& geometry, uint64_t id) noexcept;
    /// No region from now on. [link]
    void clear() noexcept;
    /// Unmaps what nobody uses any more. [link]
    void collect() noexcept;

    /// The region in use has this number. [link]
    [[nodiscard]] bool holds(uint64_t id) const noexcept;

  private:
    static constexpr int count = 4;
    Slot* enter() noexcept;

    Slot slots_[count];
    std::atomic<int> current_{-1};
};

} // namespace tutti::coreaudio
