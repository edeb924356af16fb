#include "socket_set.hpp"

#include <sys/epoll.h>

namespace tutti {

SocketSet::SocketSet() : queue_(epoll_create1(EPOLL_CLOEXEC)) {}

bool SocketSet::add(int fd, void* owner) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = owner;
    return epoll_ctl(queue_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void SocketSet::remove(int fd) {
    epoll_ctl(queue_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

int SocketSet::ready(void* (&owners)[max_ready]) const noexcept {
    epoll_event events[max_ready];
    const int count = epoll_wait(queue_.get(), events, max_ready, 0);
    for (int i = 0; i < count; ++i)
        owners[i] = events[i].data.ptr;
    return count;
}

} // namespace tutti
