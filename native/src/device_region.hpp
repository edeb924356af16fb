#pragma once
#include "plan.hpp"
#include "shared_file.hpp"
#include "timeline.hpp"

#include "tutti/region.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tutti {

/// The engine's side of the device region (hal/include/tutti/region.h): owns the file, clears, publishes.
class DeviceRegion {
  public:
    /// Adopts the region that is there if it has this geometry (a restarted engine), else makes a new one and
    /// retires the old. Null, with a reason, if it cannot. [control]
    static std::unique_ptr<DeviceRegion> open(const std::string& path, const DevicePlan& device,
                                              std::string& error);

    /// Tells drivers to open anew. [control]
    void retire() noexcept;

    /// The shared memory itself, to be handed to drivers. [control]
    [[nodiscard]] const SharedFile& memory() const noexcept { return file_; }

    /// Keeps it in memory. False if the system does not allow it. [control]
    bool lock_memory() noexcept { return file_.lock_memory(); }

    [[nodiscard]] const DevicePlan& device() const noexcept { return device_; }
    [[nodiscard]] uint32_t ring_frames() const noexcept { return ring_frames_; }

    /// Frame `index` of a ring; the frames up to the ring's end follow it. [audio]
    [[nodiscard]] float* input_frame(int64_t index) const noexcept {
        return inputs_ + (static_cast<uint64_t>(index) & mask_) * device_.inputs;
    }
    [[nodiscard]] float* output_frame(int64_t index) const noexcept {
        return outputs_ + (static_cast<uint64_t>(index) & mask_) * device_.outputs;
    }
    /// Frames from `index` to the end of the ring's memory. [audio]
    [[nodiscard]] uint32_t contiguous(int64_t index) const noexcept {
        return ring_frames_ - static_cast<uint32_t>(static_cast<uint64_t>(index) & mask_);
    }

    /// Inputs before this index are cleared or written. [audio]
    [[nodiscard]] int64_t input_horizon() const noexcept { return input_horizon_; }
    [[nodiscard]] int64_t output_floor() const noexcept { return output_floor_; }

    /// Clears inputs up to `horizon` and publishes it. [audio]
    void advance_input_horizon(int64_t horizon) noexcept;
    /// Clears outputs up to `floor` and publishes it. [audio]
    void advance_output_floor(int64_t floor) noexcept;
    /// Begins a new timeline around `now`: everything is cleared, positions of before do not compare. [audio]
    void restart(int64_t now) noexcept;
    /// Publishes the clock block and the heartbeat. [audio]
    void publish_clock(const Timeline& timeline, uint32_t state, int64_t local_now) noexcept;

    /// The line in the region's own clock block, perhaps of an engine before this one; none if nobody wrote
    /// one, or died while writing. [control] before the audio thread publishes, [audio] after
    [[nodiscard]] std::optional<Timeline> published_line() const noexcept;
    /// True if that line and this one agree.
    bool continues(const Timeline& timeline, int64_t tolerance_ns) const noexcept;

    /// Applications that hold a client slot (their kernel lock proves that they live). [control]
    [[nodiscard]] std::vector<tutti_region_client> clients() const;

  private:
    DeviceRegion(SharedFile file, const DevicePlan& device);
    [[nodiscard]] tutti_region_header* header() const noexcept;
    void clear(float* ring, uint32_t channels, int64_t from, int64_t to) noexcept;

    SharedFile file_;
    DevicePlan device_;
    uint32_t ring_frames_ = 0;
    uint64_t mask_ = 0;
    float* inputs_ = nullptr;
    float* outputs_ = nullptr;
    int64_t input_horizon_ = 0;
    int64_t output_floor_ = 0;
    uint64_t generation_ = 0;
};

} // namespace tutti
