#pragma once
#include "tutti/region.h"

#include <cstddef>
#include <cstdint>

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

/// The numbers of a region, copied and checked once: what the header says later is not believed.
struct RegionGeometry {
    uint32_t rate = 0; ///< Hz
    uint32_t inputs = 0;
    uint32_t outputs = 0;
    uint32_t ring_frames = 0; ///< a power of two
};

/// Why memory is no region of ours. Without text of its own, so that it can be made in any thread and
/// process.
struct RegionDefect {
    RegionError error = RegionError::none;
    const char* field = "";
    uint64_t value = 0;
    const char* expected = "";

    explicit operator bool() const noexcept { return error != RegionError::none; }
};

/// Checks a header, copied from shared memory, and the size of that memory against the compiled limits.
RegionDefect find_defect(const tutti_region_header& header, uint64_t bytes,
                         RegionGeometry& geometry) noexcept;

/// Shared memory with a region in it, wherever it came from. Owns nothing; [audio], any thread.
class RegionView {
  public:
    RegionView() = default;
    RegionView(void* data, const RegionGeometry& geometry) noexcept
        : data_(static_cast<std::byte*>(data)), geometry_(geometry) {}

    explicit operator bool() const noexcept { return data_ != nullptr; }
    [[nodiscard]] const RegionGeometry& geometry() const noexcept { return geometry_; }
    [[nodiscard]] tutti_region_header& header() const noexcept {
        return *reinterpret_cast<tutti_region_header*>(data_);
    }

    /// The engine has replaced this region: open anew.
    [[nodiscard]] bool retired() const noexcept;
    /// Local ns of the engine's last cycle, as it says.
    [[nodiscard]] int64_t heartbeat() const noexcept;

    /// Where the windows of tutti/region.h begin and end, as the engine says; never so large that sums
    /// overflow.
    [[nodiscard]] int64_t input_horizon() const noexcept;
    [[nodiscard]] int64_t output_floor() const noexcept;

    /// Slot of frame `index`, and how many frames follow it without wrapping.
    [[nodiscard]] float* input_frame(int64_t index) const noexcept;
    [[nodiscard]] float* output_frame(int64_t index) const noexcept;
    [[nodiscard]] int64_t contiguous(int64_t index) const noexcept;

  protected:
    std::byte* data_ = nullptr;
    RegionGeometry geometry_;
};

} // namespace tutti::hal
