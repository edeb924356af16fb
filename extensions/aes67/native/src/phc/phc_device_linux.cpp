#include <fcntl.h>
#include <linux/ptp_clock.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>

#include "clock_pair.hpp"
#include "phc/nic_timestamping.hpp"
#include "phc/phc_device.hpp"

namespace tutti::aes67::phc {
namespace {

// As the kernel's documentation has it (Documentation/driver-api/ptp.rst; clock_getres(2), "Dynamic clocks").
clockid_t clock_of(int fd) noexcept {
    return static_cast<clockid_t>(~static_cast<unsigned>(fd) << 3 | 3);
}

// "Intel igb" of /dev/ptp0, if the kernel says.
std::string driver_of(const std::string& path) {
    std::string name;
    std::getline(std::ifstream("/sys/class/ptp/" + path.substr(path.rfind('/') + 1) + "/clock_name"), name);
    return name;
}

// Empty if there is none.
std::string path_of(const std::string& wanted) {
    if (wanted.empty())
        return "/dev/ptp0";
    if (wanted.find('/') != std::string::npos)
        return wanted;
    const int index = query_nic(wanted).phc_index;
    return index < 0 ? "" : "/dev/ptp" + std::to_string(index);
}

} // namespace

std::string PhcDevice::open(const std::string& wanted) {
    close();
    const std::string path = path_of(wanted);
    if (path.empty())
        return "The network interface " + wanted + " has no PTP hardware clock.";
    fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd_ < 0) {
        const int error = errno;
        const bool none = error == ENOENT && wanted.empty();
        return none ? "This machine has no PTP hardware clock: there is no /dev/ptp0."
               : error == EACCES
                   ? "The PTP hardware clock " + path +
                         " may not be read: give the engine's user the right to."
                   : "The PTP hardware clock " + path + " cannot be opened: " + std::strerror(error) + ".";
    }
    ptp_clock_caps caps{};
    if (::ioctl(fd_, PTP_CLOCK_GETCAPS, &caps) != 0 || !read()) {
        close();
        return path + " is no PTP hardware clock.";
    }
    const std::string driver = driver_of(path);
    name_ = driver.empty() ? path : path + " (" + driver + ")";
    return "";
}

std::optional<ClockPair> PhcDevice::read() const noexcept {
    timespec time{};
    if (fd_ < 0 || clock_gettime(clock_of(fd_), &time) != 0)
        return std::nullopt;
    return read_clock_pair(clock_of(fd_));
}

} // namespace tutti::aes67::phc
