#pragma once
#include "seqlock.hpp"
#include "timeline.hpp"

#include "tutti/clock.h"

#include <atomic>
#include <cstdint>
#include <string>

namespace tutti {

/// Carries the relation of local to media time from a clock source's thread to the audio thread.
class ClockBridge {
  public:
    /// Free-runs on the system's time until a source publishes. [control]
    ClockBridge();

    /// Starts `source` in place of the present one. False, with a reason, leaves the clock free-running.
    /// [control]
    bool start(const tutti_clock_source& source, const std::string& options, std::string& error);
    /// Keeps the last relation as a free-running line. [control]
    void stop();
    ~ClockBridge();
    ClockBridge(const ClockBridge&) = delete;
    ClockBridge& operator=(const ClockBridge&) = delete;

    /// Takes the newest relation; leaves `relation` as it is if the source is just writing one. [audio]
    void refresh(tutti_clock_relation& relation) const noexcept { relation_.load(relation); }
    [[nodiscard]] tutti_clock_relation relation() const noexcept; ///< waits for the writer [control]

  private:
    static void on_publish(void* context, const tutti_clock_relation* relation) noexcept;
    Seqlock<tutti_clock_relation> relation_;
    const tutti_clock_source* source_ = nullptr;
    void* handle_ = nullptr;
};

} // namespace tutti
