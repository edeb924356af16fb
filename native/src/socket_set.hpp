#pragma once
#include "file_descriptor.hpp"

#include <cstddef>

namespace tutti {

/// Which of many sockets have something to read; each leads to what it was added with. socket_set_linux.cpp
/// (epoll), socket_set_macos.cpp (kqueue).
class SocketSet {
  public:
    static constexpr int max_ready = 256;

    SocketSet();
    /// False if the system watches no more. [control]
    bool add(int fd, void* owner);
    void remove(int fd);

    /// Owners of sockets that are readable now, at most max_ready; how many. Does not wait. [audio]
    int ready(void* (&owners)[max_ready]) const noexcept;

  private:
    FileDescriptor queue_;
};

} // namespace tutti
