#include "phc/phc_device.hpp"

#include <unistd.h>

#include <utility>

namespace tutti::aes67::phc {

PhcDevice::PhcDevice(PhcDevice&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), name_(std::move(other.name_)) {}

PhcDevice& PhcDevice::operator=(PhcDevice&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(name_, other.name_);
    return *this;
}

void PhcDevice::close() noexcept {
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
}

} // namespace tutti::aes67::phc
