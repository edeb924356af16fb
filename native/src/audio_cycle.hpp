#pragma once
#include "clock_bridge.hpp"
#include "cycle_context.hpp"
#include "packet_drain.hpp"
#include "peak_meter.hpp"
#include "receiver.hpp"
#include "send_batch.hpp"
#include "sender.hpp"
#include "telemetry.hpp"

#include <atomic>
#include <cstdint>
#include <vector>

namespace tutti {

/// What the audio thread works on, immutable: the control thread makes a new one for every change and swaps
/// it in.
struct StreamSet {
    DeviceRegion* region = nullptr; ///< none while the device is being changed
    std::vector<Receiver*> receivers;
    std::vector<Sender*> senders;
    uint32_t tick_frames = 48;
};

/// The work of one wake-up: read clock, drain sockets, send what is due, clear, publish. Without thread and
/// waiting, so that tests can step it.
class AudioCycle {
  public:
    static constexpr double peak_window_seconds = 0.04;

    AudioCycle(const ClockBridge& clock, Telemetry& telemetry);

    /// Puts a set in force from the next cycle on. The caller keeps it, and all it points to, until
    /// `acknowledged()` names a newer one. [control]
    void swap(const StreamSet* set) noexcept { set_.store(set, std::memory_order_release); }
    /// The set with which a whole cycle was last run. [any]
    [[nodiscard]] const StreamSet* acknowledged() const noexcept {
        return acknowledged_.load(std::memory_order_acquire);
    }
    /// Cycles run so far. [any]
    [[nodiscard]] uint64_t count() const noexcept { return count_.load(std::memory_order_acquire); }

    [[nodiscard]] PacketDrain& packets() noexcept { return packets_; }

    /// One cycle at local time `now`. Returns the local time of the next one. [audio]
    int64_t run(int64_t now) noexcept;

  private:
    static constexpr int64_t idle_cycle_ns = 1'000'000;
    bool follow_clock(CycleContext& cycle, const StreamSet& set) noexcept;
    void restart_streams(const StreamSet& set) noexcept;
    void meter_inputs(const CycleContext& cycle) noexcept;
    void finish_outputs(const CycleContext& cycle, const StreamSet& set) noexcept;
    void publish(const CycleContext& cycle, uint32_t state) noexcept;

    const ClockBridge& clock_;
    TelemetrySlot<EngineField> engine_;
    Telemetry& telemetry_;
    std::atomic<const StreamSet*> set_{nullptr};
    std::atomic<const StreamSet*> acknowledged_{nullptr};
    std::atomic<uint64_t> count_{0};
    PacketDrain packets_;
    SendBatch batch_;
    PeakMeter input_meter_{PeakMeter::max_channels};
    PeakMeter output_meter_{PeakMeter::max_channels};
    DeviceRegion* region_ = nullptr; ///< of the cycle before
    tutti_clock_relation relation_;  ///< newest that was read
    Timeline timeline_;
    int64_t metered_inputs_ = 0;
    int64_t window_ends_ = 0;
};

} // namespace tutti
