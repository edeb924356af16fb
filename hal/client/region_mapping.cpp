#include "region_mapping.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace tutti::hal {
namespace {

constexpr uint32_t min_rate = 8000;
constexpr uint32_t min_ring_frames = 1024;

RegionProblem system_problem(const char* call) {
    return {RegionError::system, std::string(call) + ": " + std::strerror(errno)};
}

RegionProblem out_of_range(const char* field, uint64_t value, const std::string& expected) {
    return {RegionError::bad_geometry,
            std::string(field) + " is " + std::to_string(value) + ", not " + expected};
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
    if (header.magic != TUTTI_REGION_MAGIC)
        return {RegionError::not_a_region, "is not a device region"};
    if (header.abi != TUTTI_REGION_ABI) {
        return {RegionError::wrong_abi, "has version " + std::to_string(header.abi) + ", this driver needs " +
                                            std::to_string(TUTTI_REGION_ABI)};
    }
    if (header.header_bytes != TUTTI_REGION_HEADER_BYTES) {
        return out_of_range("header_bytes", header.header_bytes, std::to_string(TUTTI_REGION_HEADER_BYTES));
    }
    if (header.rate < min_rate || header.rate > TUTTI_REGION_MAX_RATE) {
        return out_of_range("rate", header.rate, "8000 to 384000");
    }
    if (header.inputs > TUTTI_REGION_MAX_CHANNELS)
        return out_of_range("inputs", header.inputs, "0 to 128");
    if (header.outputs > TUTTI_REGION_MAX_CHANNELS)
        return out_of_range("outputs", header.outputs, "0 to 128");
    const uint32_t frames = header.ring_frames;
    if (frames < min_ring_frames || frames > TUTTI_REGION_MAX_FRAMES || (frames & (frames - 1)) != 0) {
        return out_of_range("ring_frames", frames, "a power of two from 1024 to 262144");
    }
    if (header.state != TUTTI_REGION_LIVE && header.state != TUTTI_REGION_RETIRED) {
        return out_of_range("state", header.state, "1 or 2");
    }
    const uint64_t bytes = tutti_region_bytes(header.inputs, header.outputs, frames);
    if (file_bytes != bytes)
        return out_of_range("file size", file_bytes, std::to_string(bytes));
    if (header.state == TUTTI_REGION_RETIRED)
        return {RegionError::retired, "was replaced by the engine"};
    geometry = {header.rate, header.inputs, header.outputs, frames};
    return {};
}

RegionMapping::RegionMapping(RegionMapping&& other) noexcept
    : fd_(std::move(other.fd_)), data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)), geometry_(other.geometry_) {}

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

tutti_region_header& RegionMapping::header() const noexcept {
    return *reinterpret_cast<tutti_region_header*>(data_);
}

bool RegionMapping::retired() const noexcept {
    return __atomic_load_n(&header().state, __ATOMIC_ACQUIRE) != TUTTI_REGION_LIVE;
}

bool RegionMapping::engine_alive() const noexcept {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = TUTTI_LOCK_ENGINE;
    lock.l_len = 1;
    return fcntl(fd_.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

float* RegionMapping::input_frame(int64_t index) const noexcept {
    const uint64_t slot = static_cast<uint64_t>(index) & (geometry_.ring_frames - 1);
    return reinterpret_cast<float*>(data_ + TUTTI_REGION_HEADER_BYTES) + slot * geometry_.inputs;
}

float* RegionMapping::output_frame(int64_t index) const noexcept {
    const uint64_t slot = static_cast<uint64_t>(index) & (geometry_.ring_frames - 1);
    const uint64_t inputs = static_cast<uint64_t>(geometry_.ring_frames) * geometry_.inputs;
    return reinterpret_cast<float*>(data_ + TUTTI_REGION_HEADER_BYTES) + inputs + slot * geometry_.outputs;
}

int64_t RegionMapping::contiguous(int64_t index) const noexcept {
    return geometry_.ring_frames -
           static_cast<int64_t>(static_cast<uint64_t>(index) & (geometry_.ring_frames - 1));
}

void RegionMapping::unmap() noexcept {
    if (data_ != nullptr)
        munmap(data_, bytes_);
    data_ = nullptr;
    bytes_ = 0;
}

} // namespace tutti::hal
