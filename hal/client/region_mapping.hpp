#pragma once
#include "file_descriptor.hpp"
#include "region_view.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace tutti::hal {

struct RegionProblem {
    RegionError error = RegionError::none;
    std::string message;

    explicit operator bool() const noexcept { return error != RegionError::none; }
};

/**
 * A mapped device region (tutti/region.h). It owns the file descriptor that all claims of this client hang
 * on: closing it releases them. The owner of the file could still shrink it under us (SIGBUS), which is why
 * only a file of this user or of root is taken.
 */
class RegionMapping : public RegionView {
  public:
    RegionMapping() = default;
    RegionMapping(RegionMapping&& other) noexcept;
    RegionMapping& operator=(RegionMapping&& other) noexcept;
    ~RegionMapping();

    /// Maps the region at `path`; on a problem this object stays as it was. [control]
    RegionProblem open(const std::string& path);

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

    /// The engine holds its lock. [control]
    [[nodiscard]] bool engine_alive() const noexcept;

  private:
    void unmap() noexcept;

    FileDescriptor fd_;
    std::size_t bytes_ = 0;
};

/// Checks a header and the size of its file against the compiled limits.
RegionProblem check_region(const tutti_region_header& header, uint64_t file_bytes, RegionGeometry& geometry);

} // namespace tutti::hal
