#pragma once
#include "shared_file.hpp"

#include "tutti/device_link.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace tutti {

/**
 * The engine's end of the way to HAL drivers that may not open files (tutti/device_link.h): hands them the
 * region and says what the device is like, at once and whenever that changes. Drivers come and go by
 * themselves.
 */
class DeviceLink {
  public:
    /// Waits for drivers of this user or root. `name` is a socket's path, on macOS a Mach service of launchd.
    /// Null, with a reason, if the name cannot be had. [control]
    static std::unique_ptr<DeviceLink> listen(const std::string& name, std::string& error);
    virtual ~DeviceLink() = default;

    /// What drivers are told from now on, with the region's memory. Tells nobody what he knows. [control]
    virtual void describe(const SharedFile& region, const tutti_link_device& device) = 0;

    /// The rate that somebody chose in a driver's own settings since the last call. [control]
    virtual std::optional<uint32_t> take_wanted_rate() = 0;
};

} // namespace tutti
