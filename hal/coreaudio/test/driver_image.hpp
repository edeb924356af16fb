#pragma once
#include <CoreFoundation/CoreFoundation.h>

#include <memory>
#include <string>

namespace tutti::coreaudio::test {

/// The driver's code, loaded; it goes with this object.
class DriverImage {
  public:
    using Factory = void* (*)(CFAllocatorRef, CFUUIDRef);

    virtual ~DriverImage() = default;
    [[nodiscard]] virtual Factory factory() const = 0;

    /// A shared object of this system, or the Mach-O file that TUTTI_DRIVER_MACHO names. Fails the test if it
    /// cannot be.
    static std::unique_ptr<DriverImage> load();
    /// Whether the driver under test is a Mach-O file.
    static bool is_macho();
};

} // namespace tutti::coreaudio::test
