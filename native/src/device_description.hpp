#pragma once
#include "plan.hpp"

#include "tutti/device_link.h"

#include <cstdint>

namespace tutti {

/// What HAL drivers are told of the device that a plan makes. `region_id`: another number is other memory.
/// [control]
tutti_link_device describe_device(const Plan& plan, uint64_t region_id);

} // namespace tutti
