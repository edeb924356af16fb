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

    /// The driver under test: a shared object of this system or, if TUTTI_DRIVER_MACHO names one, the file
    /// that a Mac would load. Throws if it cannot be loaded.
    static std::unique_ptr<DriverImage> load();
};

} // namespace tutti::coreaudio::test
