#pragma once
#include "file_descriptor.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace tutti {

/**
 * A file mapped for reading and writing, below /dev/shm. Somebody else may own a file of that name: only a
 * regular file of this user's that nobody else can write is opened; links are refused. [control]
 */
class SharedFile {
  public:
    SharedFile() = default;
    SharedFile(SharedFile&& other) noexcept;
    SharedFile& operator=(SharedFile&& other) noexcept;
    ~SharedFile();

    /// Maps the existing file if it has exactly `bytes`. False, with a reason, if there is none or it cannot
    /// be trusted.
    bool open(const std::string& path, std::size_t bytes, std::string& error);

    /// Makes a new file that begins with `head`, zeros after it, in place of whatever has the name; processes
    /// that mapped the old one keep it. Whoever opens that name finds the old one or all of the new one.
    bool create(const std::string& path, std::size_t bytes, std::string& error,
                std::span<const std::byte> head = {});

    /// As create(), as memory that HAL drivers can be given: on macOS without a file.
    bool create_for_drivers(const std::string& path, std::size_t bytes, std::string& error,
                            std::span<const std::byte> head);

    /// Keeps it in memory. False if the system does not allow it.
    bool lock_memory() noexcept;

    [[nodiscard]] std::byte* data() const noexcept { return data_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

  private:
    static int reserve(int fd, std::size_t bytes); ///< errno or 0
    bool map(std::size_t bytes, std::string& error);
    void unmap() noexcept;

    FileDescriptor fd_;
    std::byte* data_ = nullptr;
    std::size_t bytes_ = 0;
};

} // namespace tutti
