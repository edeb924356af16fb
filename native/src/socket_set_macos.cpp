#include "socket_set.hpp"

#include <fcntl.h>
#include <sys/event.h>

namespace tutti {

SocketSet::SocketSet() : queue_(kqueue()) {
    fcntl(queue_.get(), F_SETFD, FD_CLOEXEC);
}

bool SocketSet::add(int fd, void* owner) {
    struct kevent change {};
    EV_SET(&change, static_cast<uintptr_t>(fd), EVFILT_READ, EV_ADD, 0, 0, owner);
    return kevent(queue_.get(), &change, 1, nullptr, 0, nullptr) == 0;
}

void SocketSet::remove(int fd) {
    struct kevent change {};
    EV_SET(&change, static_cast<uintptr_t>(fd), EVFILT_READ, EV_DELETE, 0, 0, nullptr);
    kevent(queue_.get(), &change, 1, nullptr, 0, nullptr);
}

int SocketSet::ready(void* (&owners)[max_ready]) const noexcept {
    struct kevent events[max_ready];
    const timespec now{};
    const int count = kevent(queue_.get(), nullptr, 0, events, max_ready, &now);
    for (int i = 0; i < count; ++i)
        owners[i] = events[i].udata;
    return count;
}

} // namespace tutti
