#pragma once
#include "region_view.hpp"

#include <cstdint>

namespace tutti::hal {

/// Writes outputs (applications to network) of channels that this client has claimed. Stateless: [audio], any
/// thread.
class RegionWriter {
  public:
    explicit RegionWriter(const RegionView& region) noexcept : region_(&region) {}

    /**
     * Copies interleaved frames to [index, index + frames) of `channels` channels from `first` (from 0). Only
     * what lies inside the writable window is written. Returns the number of frames that were dropped.
     */
    int64_t write(int64_t index, int64_t frames, uint32_t first, uint32_t channels,
                  const float* from) const noexcept;

    /// Takes back what was written to [index, index + frames): silence, where the window still allows it.
    void clear(int64_t index, int64_t frames, uint32_t first, uint32_t channels) const noexcept;

    /// Index behind the last one that is writable now.
    [[nodiscard]] int64_t window_end() const noexcept;

  private:
    template <typename Copy>
    int64_t visit(int64_t index, int64_t frames, uint32_t first, uint32_t channels, Copy copy) const noexcept;

    const RegionView* region_;
};

} // namespace tutti::hal
