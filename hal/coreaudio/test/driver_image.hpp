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

    /// A shared object of this system. Throws if it cannot be loaded.
    static std::unique_ptr<DriverImage> load();
};

} // namespace tutti::coreaudio::test
