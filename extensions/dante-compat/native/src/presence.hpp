// Which other clocks are on the network: each follower's Delay_Req is multicast, and so is the leader's
// answer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "v1_message.hpp"

namespace tutti::dante_compat {

// Local times never go back. Of one thread, does not allocate.
class Presence {
  public:
    static constexpr size_t capacity = 256; // more are not counted
    // Twice the longest time between two Delay_Req of a follower at a Sync a second (IEEE 1588-2002 s.7.5:
    // some 30 intervals of Sync).
    static constexpr int64_t memory_ns = 60'000'000'000;

    void hear(const Uuid& uuid, int64_t now) noexcept {
        Device* place = nullptr;
        for (Device& device : devices_) {
            if (device.heard_ns != never && device.uuid == uuid) {
                device.heard_ns = now;
                return;
            }
            if (!place && !is_here(device, now))
                place = &device;
        }
        if (place)
            *place = {uuid, now};
    }

    size_t count(int64_t now) const noexcept {
        size_t count = 0;
        for (const Device& device : devices_)
            count += is_here(device, now) ? 1 : 0;
        return count;
    }

  private:
    static constexpr int64_t never = INT64_MIN;
    struct Device {
        Uuid uuid{};
        int64_t heard_ns = never;
    };
    static bool is_here(const Device& device, int64_t now) noexcept {
        return device.heard_ns != never && now - device.heard_ns < memory_ns;
    }

    std::array<Device, capacity> devices_{};
};

} // namespace tutti::dante_compat
