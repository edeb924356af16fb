#include "region_mapping.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace tutti::hal {
namespace {

RegionProblem system_problem(const char* call) {
    return {RegionError::system, std::string(call) + ": " + std::strerror(errno)};
}

RegionProblem open_problem(int code) {
    switch (code) {
    case ENOENT:
        return {RegionError::missing, "does not exist: is the engine running? (tutti serve)"};
    case ELOOP:
        return {RegionError::link, "is a symbolic link, which is refused"};
    case EISDIR:
        return {RegionError::not_a_file, "is not a regular file"};
    default:
        return system_problem("open");
    }
}

/// Only this user, or root, may have made the file, and nobody else may write to it.
RegionProblem check_file(const struct stat& status) {
    if (!S_ISREG(status.st_mode))
        return {RegionError::not_a_file, "is not a regular file"};
    if (status.st_uid != geteuid() && status.st_uid != 0) {
        return {RegionError::foreign_owner,
                "belongs to another user (uid " + std::to_string(status.st_uid) + ")"};
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return {RegionError::unsafe_mode, "may be written by others: its mode must be 0600"};
    }
    return {};
}

} // namespace

RegionProblem check_region(const tutti_region_header& header, uint64_t file_bytes, RegionGeometry& geometry) {
    const RegionDefect defect = find_defect(header, file_bytes, geometry);
    switch (defect.error) {
    case RegionError::none:
        return {};
    case RegionError::not_a_region:
        return {defect.error, "is not a device region"};
    case RegionError::wrong_abi:
        return {defect.error, "has version " + std::to_string(defect.value) + ", this driver needs " +
                                  std::to_string(TUTTI_REGION_ABI)};
    case RegionError::retired:
        return {defect.error, "was replaced by the engine"};
    default:
        return {defect.error, std::string(defect.field) + " is " + std::to_string(defect.value) + ", not " +
                                  defect.expected};
    }
}

RegionMapping::RegionMapping(RegionMapping&& other) noexcept
    : RegionView(std::exchange(other.data_, nullptr), other.geometry_), fd_(std::move(other.fd_)),
      bytes_(std::exchange(other.bytes_, 0)) {}

RegionMapping& RegionMapping::operator=(RegionMapping&& other) noexcept {
    if (this != &other) {
        unmap();
        fd_ = std::move(other.fd_);
        data_ = std::exchange(other.data_, nullptr);
        bytes_ = std::exchange(other.bytes_, 0);
        geometry_ = other.geometry_;
    }
    return *this;
}

RegionMapping::~RegionMapping() {
    unmap();
}

RegionProblem RegionMapping::open(const std::string& path) {
    // O_NONBLOCK: a pipe or device in place of the file must not hold us up before it is refused.
    FileDescriptor fd(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!fd)
        return open_problem(errno);
    struct stat status {};
    if (fstat(fd.get(), &status) != 0)
        return system_problem("fstat");
    if (RegionProblem problem = check_file(status))
        return problem;

    tutti_region_header header{};
    const ssize_t read = pread(fd.get(), &header, sizeof(header), 0);
    if (read < 0)
        return system_problem("read");
    if (static_cast<std::size_t>(read) < sizeof(header))
        return {RegionError::not_a_region, "is too short for a region"};
    RegionGeometry geometry;
    if (RegionProblem problem = check_region(header, static_cast<uint64_t>(status.st_size), geometry))
        return problem;

    const auto bytes = static_cast<std::size_t>(status.st_size);
    // MAP_POPULATE: an audio thread must not meet a page for the first time.
    void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd.get(), 0);
    if (address == MAP_FAILED)
        return system_problem("mmap");
    unmap();
    fd_ = std::move(fd);
    data_ = static_cast<std::byte*>(address);
    bytes_ = bytes;
    geometry_ = geometry;
    return {};
}

bool RegionMapping::engine_alive() const noexcept {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = TUTTI_LOCK_ENGINE;
    lock.l_len = 1;
    return fcntl(fd_.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

void RegionMapping::unmap() noexcept {
    if (data_ != nullptr)
        munmap(data_, bytes_);
    data_ = nullptr;
    bytes_ = 0;
}

} // namespace tutti::hal
