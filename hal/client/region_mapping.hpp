#pragma once
#include "file_descriptor.hpp"

#include "tutti/region.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace tutti::hal {

enum class RegionError {
    none,
    missing,       ///< no such file: the engine is not running
    link,          ///< a symbolic link in place of the file
    not_a_file,    ///< a directory, pipe or device
    foreign_owner, ///< belongs to neither this user nor root
    unsafe_mode,   ///< others may write
    not_a_region,  ///< wrong magic, or too short for a header
    wrong_abi,     ///< made by another version
    bad_geometry,  ///< a field outside the compiled limits, or a size that does not follow from the fields
    retired,       ///< the engine has replaced it; open again
    system,        ///< the operating system refused; the message has its reason
};

struct RegionProblem {
    RegionError error = RegionError::none;
    std::string message;

    explicit operator bool() const noexcept { return error != RegionError::none; }
};

/// The numbers of a region, copied and checked once: what the file says later is not believed.
struct RegionGeometry {
    uint32_t rate = 0; ///< Hz
    uint32_t inputs = 0;
    uint32_t outputs = 0;
    uint32_t ring_frames = 0; ///< a power of two
};

/**
 * A mapped device region (tutti/region.h). It owns the file descriptor that all claims of this client hang
 * on: closing it releases them. The owner of the file could still shrink it under us (SIGBUS), which is why
 * only a file of this user or of root is taken.
 */
class RegionMapping {
  public:
    RegionMapping() = default;
    RegionMapping(RegionMapping&& other) noexcept;
    RegionMapping& operator=(RegionMapping&& other) noexcept;
    ~RegionMapping();

    /// Maps the region at `path`; on a problem this object stays as it was. [control]
    RegionProblem open(const std::string& path);

    explicit operator bool() const noexcept { return data_ != nullptr; }
    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    [[nodiscard]] const RegionGeometry& geometry() const noexcept { return geometry_; }
    [[nodiscard]] tutti_region_header& header() const noexcept;

    /// The engine has replaced this region: open anew. [audio]
    [[nodiscard]] bool retired() const noexcept;
    /// The engine holds its lock. [control]
    [[nodiscard]] bool engine_alive() const noexcept;

    /// Slot of frame `index`, and how many frames follow it without wrapping. [audio]
    [[nodiscard]] float* input_frame(int64_t index) const noexcept;
    [[nodiscard]] float* output_frame(int64_t index) const noexcept;
    [[nodiscard]] int64_t contiguous(int64_t index) const noexcept;

  private:
    void unmap() noexcept;

    FileDescriptor fd_;
    std::byte* data_ = nullptr;
    std::size_t bytes_ = 0;
    RegionGeometry geometry_;
};

/// Checks a header and the size of its file against the compiled limits.
RegionProblem check_region(const tutti_region_header& header, uint64_t file_bytes, RegionGeometry& geometry);

} // namespace tutti::hal
