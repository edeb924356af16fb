#include "region_slots.hpp"

#include <sys/mman.h>

namespace tutti::coreaudio {

RegionSlots::Slot* RegionSlots::enter() noexcept {
    // A second round means that a region was replaced just now; that many in a row are no region.
    for (int attempt = 0; attempt < count; ++attempt) {
        const int index = current_.load();
        if (index < 0)
            return nullptr;
        Slot& slot = slots_[index];
        slot.readers.fetch_add(1);
        if (current_.load() == index)
            return &slot;
        slot.readers.fetch_sub(1);
    }
    return nullptr;
}

bool RegionSlots::replace(void* data, std::size_t bytes, const hal::RegionGeometry& geometry,
                          uint64_t id) noexcept {
    collect();
    for (int i = 0; i < count; ++i) {
        Slot& slot = slots_[i];
        // A reader may just be counting itself into a free slot; it will leave without a look at it.
        if (slot.data != nullptr || slot.readers.load() != 0)
            continue;
        slot.view = hal::RegionView(data, geometry);
        slot.id = id;
        slot.data = data;
        slot.bytes = bytes;
        current_.store(i);
        collect();
        return true;
    }
    return false;
}

void RegionSlots::clear() noexcept {
    current_.store(-1);
    collect();
}

void RegionSlots::collect() noexcept {
    for (int i = 0; i < count; ++i) {
        Slot& slot = slots_[i];
        if (slot.data == nullptr || current_.load() == i || slot.readers.load() != 0)
            continue;
        munmap(slot.data, slot.bytes);
        slot.data = nullptr;
    }
}

bool RegionSlots::holds(uint64_t id) const noexcept {
    const int index = current_.load();
    return index >= 0 && slots_[index].id == id;
}

} // namespace tutti::coreaudio
