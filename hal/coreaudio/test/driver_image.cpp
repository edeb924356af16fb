#include "driver_image.hpp"

#include "macho_image.hpp"

#include <doctest/doctest.h>

#include <dlfcn.h>

#include <cstdlib>

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

const char* macho_path() {
    return std::getenv("TUTTI_DRIVER_MACHO");
}

} // namespace

std::unique_ptr<DriverImage> DriverImage::load() {
    if (is_macho())
        return std::make_unique<MachOImage>(macho_path());
    return std::make_unique<SharedObject>();
}

bool DriverImage::is_macho() {
    return macho_path() != nullptr;
}

} // namespace tutti::coreaudio::test
