#include "shared_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tutti {

int SharedFile::reserve(int fd, std::size_t bytes) {
    fstore_t wanted{};
    wanted.fst_flags = F_ALLOCATEALL;
    wanted.fst_posmode = F_PEOFPOSMODE;
    wanted.fst_length = static_cast<off_t>(bytes);
    return fcntl(fd, F_PREALLOCATE, &wanted) != -1 && ftruncate(fd, static_cast<off_t>(bytes)) == 0 ? 0
                                                                                                    : errno;
}

/// The Core Audio driver may open no file; what XPC can hand it is anonymous memory.
bool SharedFile::create_for_drivers(const std::string&, std::size_t bytes, std::string& error,
                                    std::span<const std::byte> head) {
    void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
    if (address == MAP_FAILED) {
        error = std::string("mmap: ") + std::strerror(errno);
        return false;
    }
    unmap();
    data_ = static_cast<std::byte*>(address);
    bytes_ = bytes;
    std::copy(head.begin(), head.end(), data_);
    return true;
}

} // namespace tutti
