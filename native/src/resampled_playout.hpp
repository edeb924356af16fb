#pragma once
#include "margin_meter.hpp"
#include "plan.hpp"
#include "playout.hpp"
#include "rate_follower.hpp"
#include "recovered_clock.hpp"
#include "resampler.hpp"
#include "stage.hpp"
#include "stream_ring.hpp"
#include "telemetry.hpp"

#include <memory>
#include <vector>

namespace tutti {

/**
 * For streams on another clock: packets are put in order by their timestamps, the sender's clock is
 * recovered, and the samples are resampled so that each is heard one link offset after the moment at which,
 * by the recovered clock, it came; the resampler's look-ahead is inside that offset. What has come without a
 * gap is resampled at once; a gap is waited for until the inputs are about to be read, and then is silence.
 */
class ResampledPlayout final : public Playout {
  public:
    /// Null if there is no memory for a resampler. @param stage of the codec, for this stream; null if it has
    /// none. [control]
    static std::unique_ptr<ResampledPlayout> create(const ReceiverPlan& plan, const tutti_codec& codec,
                                                    std::unique_ptr<Stage> stage, uint32_t device_rate,
                                                    TelemetrySlot<ReceiverField> telemetry);
    /// Shortest link offset that leaves room for the look-ahead and for writing before reading, in frames of
    /// the device.
    static uint32_t least_link_offset(uint32_t stream_rate, uint32_t device_rate) noexcept;

    void add(const StreamPacket& packet, const Destination& destination,
             const CycleContext& cycle) noexcept override;
    void end_cycle(const Destination& destination, const CycleContext& cycle) noexcept override;
    void restart() noexcept override;

  private:
    static constexpr uint32_t block = 256; ///< output frames a call of the resampler

    ResampledPlayout(const ReceiverPlan& plan, const tutti_codec& codec, std::unique_ptr<Stage> stage,
                     uint32_t device_rate, TelemetrySlot<ReceiverField> telemetry,
                     std::unique_ptr<Resampler> resampler);
    void notice_astray(bool astray, int64_t arrival_local) noexcept;
    void begin(int64_t near_media_ns) noexcept;
    void place(int64_t near_media_ns) noexcept;
    void resume(const CycleContext& cycle) noexcept;
    void stop_playing() noexcept;
    bool make(uint32_t frames, const Destination& destination, const CycleContext& cycle) noexcept;
    void write(uint32_t frames, const Destination& destination, const CycleContext& cycle) noexcept;
    void publish(const CycleContext& cycle) noexcept;
    [[nodiscard]] double behind_ns(int64_t index, int64_t position, double fraction) const noexcept;
    [[nodiscard]] int64_t unwrap(uint32_t timestamp) const noexcept;
    [[nodiscard]] int64_t stream_ns(int64_t position) const noexcept;
    [[nodiscard]] int64_t link_offset_ns() const noexcept;
    [[nodiscard]] int64_t next_position() const noexcept;

    const tutti_codec& codec_;
    TelemetrySlot<ReceiverField> telemetry_;
    uint32_t channels_;
    uint32_t rate_;
    uint32_t device_rate_;
    double nominal_step_; ///< stream frames a frame of the device, with both clocks as they should be
    std::unique_ptr<Stage> stage_; ///< of a codec that has one
    uint32_t stage_delay_ = 0;     ///< frames of the stream
    int64_t look_ahead_ns_;        ///< of stage and resampler
    RecoveredClock clock_;
    RateFollower follower_;
    std::unique_ptr<Resampler> resampler_;
    StreamRing ring_;
    std::vector<float> made_;
    MarginMeter margin_;

    int64_t newest_ = -1; ///< unwrapped timestamp of the packet before; -1: none
    bool playing_ = false;
    uint32_t link_offset_ = 0;    ///< in force
    int64_t index_ = 0;           ///< of the device, of the next frame to make
    int64_t position_ = 0;        ///< of the stream, of that frame
    double fraction_ = 0;         ///< beyond `position_`
    bool aligned_ = false;        ///< the first frame was made
    uint32_t made_before_ = 0;    ///< frames since the follower was last asked
    uint32_t missing_in_row_ = 0; ///< stream frames
    int64_t astray_since_ = 0;    ///< local time since when no packet came in time; 0: they do
};

} // namespace tutti
