#pragma once
#include "region_view.hpp"

#include <cstdint>

namespace tutti::hal {

/// Reads inputs (network to applications). Stateless: [audio], any thread.
class RegionReader {
  public:
    explicit RegionReader(const RegionView& region) noexcept : region_(&region) {}

    struct Result {
        int64_t lost = 0;   ///< frames that the engine has already cleared for the next round: too late
        int64_t silent = 0; ///< frames that the engine has not reached: it is gone
    };

    /**
     * Copies frames [index, index + frames) of `channels` channels from `first` (from 0) to interleaved `to`.
     * `now` is the media clock's index: later frames are not readable yet. What is not readable becomes
     * silence.
     */
    Result read(int64_t index, int64_t frames, uint32_t first, uint32_t channels, int64_t now,
                float* to) const noexcept;

    /// First index that is still readable.
    [[nodiscard]] int64_t oldest() const noexcept;

  private:
    const RegionView* region_;
};

} // namespace tutti::hal
