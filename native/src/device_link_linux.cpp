#include "device_link.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

namespace tutti {
namespace {

/// A machine has one driver; a few more are old ones that are just going.
constexpr std::size_t max_drivers = 8;

bool is_trusted(int fd) {
    ucred peer{};
    socklen_t length = sizeof(peer);
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

/// The same file, but not the same open file: the engine's lock goes with the latter, and would outlive the
/// engine in a driver that has it mapped. Empty, and drivers hear nothing, if there is no /proc.
FileDescriptor open_anew(int fd) {
    const std::string path = "/proc/self/fd/" + std::to_string(fd);
    return FileDescriptor(open(path.c_str(), O_RDWR | O_CLOEXEC));
}

/// One thread of its own: a driver gets its region even while the control thread is busy.
class SocketLink : public DeviceLink {
  public:
    SocketLink(std::string path, FileDescriptor listener)
        : path_(std::move(path)), listener_(std::move(listener)),
          wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), thread_([this] { run(); }) {}

    ~SocketLink() override {
        stopping_ = true;
        const uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof(one)); // cannot be full
        thread_.join();
        unlink(path_.c_str());
    }

    void describe(const SharedFile& region, const tutti_link_device& device) override {
        const std::lock_guard lock(mutex_);
        if (region_ && std::memcmp(&device, &device_, sizeof(device)) == 0)
            return;
        region_ = open_anew(region.fd());
        device_ = device;
        for (const FileDescriptor& driver : drivers_) {
            if (driver) // one that has not said hello yet gets it then
                tell(driver.get());
        }
    }

    std::optional<uint32_t> take_wanted_rate() override {
        const uint32_t rate = wanted_rate_.exchange(0);
        return rate == 0 ? std::nullopt : std::optional(rate);
    }

  private:
    void run() {
        while (!stopping_) {
            std::vector<pollfd> watched{{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
            for (const FileDescriptor& driver : drivers_) // changed by this thread only
                watched.push_back({driver.get(), POLLIN, 0});
            poll(watched.data(), watched.size(), -1);
            const std::lock_guard lock(mutex_);
            for (std::size_t i = watched.size(); i-- > 2;) {
                if (watched[i].revents != 0 && !answer(watched[i].fd))
                    drivers_.erase(drivers_.begin() + static_cast<std::ptrdiff_t>(i - 2));
            }
            if (watched[1].revents != 0)
                welcome();
        }
    }

    void welcome() {
        FileDescriptor driver(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (driver && drivers_.size() < max_drivers && is_trusted(driver.get()))
            drivers_.push_back(std::move(driver));
    }

    /// False if this driver is gone, or is none.
    bool answer(int driver) {
        tutti_link_request request{};
        const ssize_t bytes = recv(driver, &request, sizeof(request), MSG_TRUNC);
        if (bytes < 0)
            return errno == EAGAIN || errno == EINTR;
        if (bytes != sizeof(request) || request.abi != TUTTI_LINK_ABI)
            return false;
        if (request.kind == TUTTI_LINK_HELLO)
            return tell(driver);
        if (request.kind == TUTTI_LINK_WANTED && request.rate != 0)
            wanted_rate_ = request.rate;
        return true;
    }

    /// A driver that does not read what it was told before is not waited for.
    bool tell(int driver) {
        if (!region_)
            return true;
        iovec vector{&device_, sizeof(device_)};
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
        msghdr message{};
        message.msg_iov = &vector;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof(control);
        cmsghdr* part = CMSG_FIRSTHDR(&message);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(sizeof(int));
        const int region = region_.get();
        std::memcpy(CMSG_DATA(part), &region, sizeof(region));
        return sendmsg(driver, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof(device_);
    }

    const std::string path_;
    const FileDescriptor listener_;
    const FileDescriptor wake_;
    std::atomic<bool> stopping_{false};
    std::atomic<uint32_t> wanted_rate_{0};
    std::mutex mutex_;
    std::vector<FileDescriptor> drivers_; ///< changed by the link's thread, under the lock
    FileDescriptor region_;
    tutti_link_device device_{};
    std::thread thread_;
};

} // namespace

std::unique_ptr<DeviceLink> DeviceLink::listen(const std::string& name, std::string& error) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.size() >= sizeof(address.sun_path)) {
        error = name + ": is too long for a socket's path";
        return nullptr;
    }
    std::memcpy(address.sun_path, name.data(), name.size());
    FileDescriptor listener(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    unlink(name.c_str()); // of an engine before this one: main.ts made sure that it does not live
    const bool bound =
        listener && bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    if (!bound || chmod(name.c_str(), 0600) != 0 || ::listen(listener.get(), 4) != 0) {
        error = name + ": " + std::strerror(errno);
        return nullptr;
    }
    return std::make_unique<SocketLink>(name, std::move(listener));
}

} // namespace tutti
