#include "shared_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>

namespace tutti {

int SharedFile::reserve(int fd, std::size_t bytes) {
    // Running out of shared memory must fail here, not as SIGBUS on the audio thread.
    return posix_fallocate(fd, 0, static_cast<off_t>(bytes));
}

bool SharedFile::create_for_drivers(const std::string& path, std::size_t bytes, std::string& error,
                                    std::span<const std::byte> head) {
    return create(path, bytes, error, head);
}

} // namespace tutti
