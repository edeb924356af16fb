#include "driver_image.hpp"

#include "demand.hpp"
#include "macho_image.hpp"

#include <dlfcn.h>

#include <cstdlib>

namespace tutti::coreaudio::test {
namespace {

class SharedObject : public DriverImage {
  public:
    SharedObject() : handle_(dlopen(TUTTI_DRIVER, RTLD_NOW | RTLD_LOCAL)) {
        demand(handle_ != nullptr, "the driver cannot be loaded: " TUTTI_DRIVER);
        factory_ = reinterpret_cast<Factory>(dlsym(handle_, "TuttiDriverFactory"));
        demand(factory_ != nullptr, "the driver has no factory");
    }
    ~SharedObject() override { dlclose(handle_); }
    SharedObject(const SharedObject&) = delete;
    SharedObject& operator=(const SharedObject&) = delete;
    [[nodiscard]] Factory factory() const override { return factory_; }

  private:
    void* handle_;
    Factory factory_ = nullptr;
};

} // namespace

std::unique_ptr<DriverImage> DriverImage::load() {
    if (const char* path = std::getenv("TUTTI_DRIVER_MACHO"); path != nullptr)
        return std::make_unique<MachOImage>(path);
    return std::make_unique<SharedObject>();
}

} // namespace tutti::coreaudio::test
