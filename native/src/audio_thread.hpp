#pragma once
#include "audio_cycle.hpp"

#include <atomic>
#include <string>
#include <thread>

namespace tutti {

/// Runs an AudioCycle at the times it asks for, with real-time priority where the system allows it.
class AudioThread {
  public:
    AudioThread(AudioCycle& cycle, Telemetry& telemetry);
    ~AudioThread();
    AudioThread(const AudioThread&) = delete;
    AudioThread& operator=(const AudioThread&) = delete;

    /// Whether SCHED_FIFO was granted. [control]
    [[nodiscard]] bool is_realtime() const noexcept { return realtime_.load(std::memory_order_acquire); }

  private:
    void run() noexcept;
    AudioCycle& cycle_;
    TelemetrySlot<EngineField> telemetry_;
    std::atomic<bool> stop_{false};
    std::atomic<bool> realtime_{false};
    std::atomic<bool> started_{false};
    std::thread thread_;
};

} // namespace tutti
