/// The link over a Unix socket: datagrams in order, the region's descriptor attached. What runs on Linux,
/// where the driver's tests live; TUTTI_DEVICE_SOCKET names the engine's socket.
#include "engine_link.hpp"

#include "client/local_time.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>

namespace tutti::coreaudio {
namespace {

struct SocketLink {
    LinkHandler handler;
    pthread_t thread{};
    int wake = -1;
    std::atomic<bool> stopping{false};
    std::atomic<int> socket{-1}; ///< closed by the link's thread only
};
SocketLink link;

/// Who may hand us memory: this user's engine, or root's.
bool is_trusted(int fd) noexcept {
    ucred peer{};
    socklen_t length = sizeof(peer);
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

int connect_to_engine() noexcept {
    const char* path = std::getenv("TUTTI_DEVICE_SOCKET");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path == nullptr || std::strlen(path) >= sizeof(address.sun_path))
        return -1;
    std::memcpy(address.sun_path, path, std::strlen(path));
    const int fd = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 && is_trusted(fd))
        return fd;
    close(fd);
    return -1;
}

void hang_up() noexcept {
    const int fd = link.socket.exchange(-1);
    if (fd < 0)
        return;
    close(fd);
    link.handler.on_gone(link.handler.context);
}

/// Maps what a descriptor refers to, whole.
void* map(int fd, std::size_t& bytes) noexcept {
    struct stat status {};
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size <= 0)
        return nullptr;
    bytes = static_cast<std::size_t>(status.st_size);
    // MAP_POPULATE: an audio thread must not meet a page for the first time.
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
    return memory == MAP_FAILED ? nullptr : memory;
}

/// False at the connection's end.
bool receive_one(int fd) noexcept {
    static tutti_link_device message; // of this thread
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    iovec vector{&message, sizeof(message)};
    msghdr header{};
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof(control);
    const ssize_t bytes = recvmsg(fd, &header, MSG_CMSG_CLOEXEC | MSG_TRUNC);
    if (bytes <= 0)
        return bytes < 0;
    int attached = -1;
    if (const cmsghdr* part = CMSG_FIRSTHDR(&header);
        part != nullptr && part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS) {
        std::memcpy(&attached, CMSG_DATA(part), sizeof(attached));
    }
    std::size_t memory_bytes = 0;
    void* memory = attached >= 0 ? map(attached, memory_bytes) : nullptr;
    if (attached >= 0)
        close(attached);
    bool unwelcome = false;
    const bool taken = link.handler.on_message(
        link.handler.context, &message, static_cast<std::size_t>(bytes), memory, memory_bytes, unwelcome);
    if (!taken && memory != nullptr)
        munmap(memory, memory_bytes);
    return !unwelcome;
}

void* run(void*) noexcept {
    unsigned attempt = 0;
    int64_t retry_at = hal::local_now_ns();
    int64_t tick_at = retry_at;
    while (!link.stopping.load()) {
        int64_t now = hal::local_now_ns();
        if (now >= tick_at) {
            link.handler.on_tick(link.handler.context);
            tick_at = now + engine_link::tick_ns;
        }
        if (link.socket.load() < 0 && now >= retry_at) {
            link.socket.store(connect_to_engine());
            retry_at = now + engine_link::retry_delay_ns(++attempt);
            if (link.socket.load() >= 0)
                engine_link::send({TUTTI_LINK_ABI, TUTTI_LINK_HELLO, 0, static_cast<uint32_t>(getpid())});
        }
        const int fd = link.socket.load();
        pollfd watched[] = {{link.wake, POLLIN, 0}, {fd, POLLIN, 0}};
        const int64_t until = fd < 0 ? std::min(tick_at, retry_at) : tick_at;
        const auto wait_ms =
            static_cast<int>(std::max<int64_t>(until - hal::local_now_ns(), 0) / 1'000'000 + 1);
        poll(watched, fd < 0 ? 1 : 2, wait_ms);
        if (fd < 0 || watched[1].revents == 0)
            continue;
        if (receive_one(fd)) {
            attempt = 0;
        } else {
            hang_up();
            retry_at = hal::local_now_ns() + engine_link::retry_delay_ns(attempt++);
        }
    }
    hang_up();
    return nullptr;
}

} // namespace

namespace engine_link {

bool start(const LinkHandler& handler) noexcept {
    link.handler = handler;
    link.stopping.store(false);
    link.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return link.wake >= 0 && pthread_create(&link.thread, nullptr, run, nullptr) == 0;
}

void stop() noexcept {
    link.stopping.store(true);
    const uint64_t one = 1;
    if (write(link.wake, &one, sizeof(one)) == sizeof(one))
        pthread_join(link.thread, nullptr);
    close(link.wake);
    link.wake = -1;
}

void send(const tutti_link_request& request) noexcept {
    // A descriptor that is just being closed refuses; what was sent would have been lost with the connection
    // anyway.
    const int fd = link.socket.load();
    if (fd >= 0)
        ::send(fd, &request, sizeof(request), MSG_NOSIGNAL | MSG_DONTWAIT);
}

} // namespace engine_link
} // namespace tutti::coreaudio
