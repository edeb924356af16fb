#include "driver_image.hpp"

#include "demand.hpp"

#include <dlfcn.h>

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
    return std::make_unique<SharedObject>();
}

} // namespace tutti::coreaudio::test
