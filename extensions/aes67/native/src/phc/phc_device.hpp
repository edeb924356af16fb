// A PTP hardware clock of this machine, /dev/ptpN: phc_device_linux.cpp. phc_device_macos.cpp says that there
// is none.
#pragma once

#include <optional>
#include <string>

#include "wall_line.hpp"

namespace tutti::aes67::phc {

// Owns its descriptor. Opened by [control], then of one thread. Only read, never set.
class PhcDevice {
  public:
    PhcDevice() = default;
    ~PhcDevice() { close(); }
    PhcDevice(PhcDevice&& other) noexcept;
    PhcDevice& operator=(PhcDevice&& other) noexcept;

    // `wanted`: the path of a device, the name of an interface, or empty for the first that there is. Empty,
    // or a sentence why not.
    std::string open(const std::string& wanted);
    void close() noexcept;
    bool is_open() const noexcept { return fd_ >= 0; }

    // The tightest of several readings; nothing if the clock does not answer (the card was taken out).
    std::optional<ClockPair> read() const noexcept;
    // "/dev/ptp0 (Intel igb)".
    const std::string& name() const noexcept { return name_; }

  private:
    int fd_ = -1;
    std::string name_;
};

} // namespace tutti::aes67::phc
