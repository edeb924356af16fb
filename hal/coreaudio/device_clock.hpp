#pragma once
#include "host_time.hpp"
#include "published.hpp"

#include "client/region_clock.hpp"

#include <atomic>
#include <cstdint>

namespace tutti::coreaudio {

/// What the HAL wants to know: the device's sample `sample_time` was at `host_ticks`. Within one seed all
/// stamps lie on one timeline.
struct ZeroTimeStamp {
    double sample_time = 0;
    uint64_t host_ticks = 0;
    uint64_t seed = 0;
};

/**
 * The device's timeline, and where it lies on the media clock.
 *
 * Frame f of the device is at local time T(f) = local_ns + (f - frame) / (rate * (1 + deviation)), and is the
 * region's index f + offset. The line follows the region's clock block with bounded slew: it never steps. A
 * step of the media clock moves the offset instead. Without an engine the line goes on as it was.
 *
 * A new seed (the HAL then starts its own timeline anew) is begun only by restart(), by a media clock whose
 * rate jumps by more than 200 ppm, and when nobody asked for stamps for more than four periods while IO ran
 * (the machine slept).
 *
 * Real-time threads share the work without waiting: whoever comes first brings the line up to date, the
 * others use what was published before.
 */
class DeviceClock {
  public:
    /// Frames between two stamps. The HAL wants at least 10923, and buffers up to this.
    static constexpr uint32_t period = 16384;

    /// Another rate, or the first one: a new seed. No IO runs. [control]
    void restart(uint32_t rate, int64_t now_ns, const HostTime& time) noexcept;
    /// IO begins after a pause: the timeline went on, its place on the media clock is looked up anew.
    /// [control]
    void resume(int64_t now_ns) noexcept;

    /// Brings line and offset up to date; `region` may be null. [audio]
    void follow(const hal::RegionView* region, uint64_t region_id, int64_t now_ns,
                const HostTime& time) noexcept;

    /// The newest stamp that is not in the future; the same one until the next period has begun. [audio]
    [[nodiscard]] ZeroTimeStamp zero_time_stamp() const noexcept;

    /// Where a frame of the device lies in the region's rings. False if no engine was ever there. [audio]
    bool ring_index(double sample_time, int64_t& index) const noexcept;

  private:
    struct State {
        double frame = 0; ///< device frame at local_ns
        int64_t local_ns = 0;
        double deviation = 0; ///< of the device's rate from the nominal one, per local second
        int64_t offset = 0;   ///< from device frames to region indices
        uint64_t placed = 0;  ///< 1 if the offset is known
        uint64_t seed = 0;
        int64_t periods = 0; ///< k of the newest stamp
        uint64_t stamp_ticks = 0;
    };
    class Turn;

    [[nodiscard]] double frame_at(const State& state, int64_t local_ns) const noexcept;
    void begin_seed(State& state, int64_t now_ns, const HostTime& time) const noexcept;
    void follow_region(State& state, const hal::RegionView& region, uint64_t region_id, int64_t now_ns,
                       const HostTime& time) noexcept;
    void stamp(State& state, int64_t now_ns, const HostTime& time) const noexcept;

    Published<State> published_;
    std::atomic<bool> busy_{false};
    std::atomic<uint32_t> rate_{48000};
    // Of whoever holds busy_.
    State state_;
    hal::RegionClock media_;
    uint64_t region_id_ = 0;
    uint64_t epoch_ = 0;
    bool settle_ = true; ///< no IO has used the offset yet: take the nearest, do not slew to it
};

} // namespace tutti::coreaudio
