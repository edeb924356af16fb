#pragma once
#include "device_region.hpp"
#include "timeline.hpp"

#include <cstdint>

namespace tutti {

/// What one cycle of the audio thread knows: one reading of the clock for everything in it.
struct CycleContext {
    Timeline timeline;
    int64_t local_now = 0;
    int64_t index_now = 0;
    DeviceRegion* region = nullptr;
};

} // namespace tutti
