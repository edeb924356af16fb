#include "shared_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace tutti {
namespace {

/// The audio thread must not meet a page for the first time. Where there is no such flag, locking the memory
/// does it.
#ifdef MAP_POPULATE
constexpr int populate = MAP_POPULATE;
#else
constexpr int populate = 0;
#endif

} // namespace

SharedFile::SharedFile(SharedFile&& other) noexcept
    : fd_(std::move(other.fd_)), data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)) {}

SharedFile& SharedFile::operator=(SharedFile&& other) noexcept {
    if (this != &other) {
        unmap();
        fd_ = std::move(other.fd_);
        data_ = std::exchange(other.data_, nullptr);
        bytes_ = std::exchange(other.bytes_, 0);
    }
    return *this;
}

SharedFile::~SharedFile() {
    unmap();
}

bool SharedFile::open(const std::string& path, std::size_t bytes, std::string& error) {
    FileDescriptor fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (!fd) {
        error = path + ": " + std::strerror(errno);
        return false;
    }
    struct stat status {};
    if (fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
        (status.st_mode & 022) != 0) {
        error = path + ": not a private file of this user";
        return false;
    }
    if (static_cast<std::size_t>(status.st_size) != bytes) {
        error = path + ": has another size";
        return false;
    }
    fd_ = std::move(fd);
    return map(bytes, error);
}

bool SharedFile::create(const std::string& path, std::size_t bytes, std::string& error,
                        std::span<const std::byte> head) {
    const std::string fresh = path + ".new." + std::to_string(getpid());
    unlink(fresh.c_str());
    FileDescriptor fd(::open(fresh.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    const int failure = fd ? reserve(fd.get(), bytes) : errno;
    if (failure != 0) {
        error = path + ": " + std::strerror(failure);
        unlink(fresh.c_str());
        return false;
    }
    fd_ = std::move(fd);
    if (!map(bytes, error)) {
        unlink(fresh.c_str());
        return false;
    }
    std::copy(head.begin(), head.end(), data_);
    if (rename(fresh.c_str(), path.c_str()) != 0) {
        error = path + ": " + std::strerror(errno);
        unlink(fresh.c_str());
        return false;
    }
    return true;
}

bool SharedFile::map(std::size_t bytes, std::string& error) {
    unmap();
    void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | populate, fd_.get(), 0);
    if (address == MAP_FAILED) {
        error = std::string("mmap: ") + std::strerror(errno);
        return false;
    }
    data_ = static_cast<std::byte*>(address);
    bytes_ = bytes;
    return true;
}

bool SharedFile::lock_memory() noexcept {
    return mlock(data_, bytes_) == 0;
}

void SharedFile::unmap() noexcept {
    if (data_ != nullptr)
        munmap(data_, bytes_);
    data_ = nullptr;
    bytes_ = 0;
}

} // namespace tutti
