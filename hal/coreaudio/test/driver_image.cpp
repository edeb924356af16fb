#include "driver_image.hpp"

#include <doctest/doctest.h>

#include <dlfcn.h>

namespace tutti::coreaudio::test {
namespace {

class SharedObject : public DriverImage {
  public:
    SharedObject() : handle_(dlopen(TUTTI_DRIVER, RTLD_NOW | RTLD_LOCAL)) {
        REQUIRE_MESSAGE((handle_ != nullptr), dlerror());
        factory_ = reinterpret_cast<Factory>(dlsym(handle_, "TuttiDriverFactory"));
        REQUIRE((factory_ != nullptr));
    }
    ~SharedObject() override { dlclose(handle_); }
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
