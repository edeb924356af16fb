#pragma once
#include "seqlock.hpp"
#include "timeline.hpp"

#include "tutti/clock.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace tutti {

/**
 * Carries the relation of local to media time from a clock source's thread to the audio thread.
 *
 * Time always goes on: until a new source knows the time (it is locked, in holdover or runs free on purpose),
 * the line of before is continued, with the new source's state. So another source, other options or a
 * restarted engine cost one step of the timeline at most, and none if the time stays the same.
 */
class ClockBridge {
  public:
    /// Free-runs on the system's time until a source publishes. [control]
    ClockBridge();
    ~ClockBridge();
    ClockBridge(const ClockBridge&) = delete;
    ClockBridge& operator=(const ClockBridge&) = delete;

    /// Continues the line of an engine before this one. Only before the first start(). [control]
    void continue_line(const Timeline& line) noexcept;

    /// Starts `source` and only then stops the present one. False, with a reason, leaves all as it was.
    /// [control]
    bool start(const tutti_clock_source& source, const std::string& options, std::string& error);

    /// Takes the newest relation; leaves `relation` as it is if the source is just writing one. [audio]
    void refresh(tutti_clock_relation& relation) const noexcept { relation_.load(relation); }
    [[nodiscard]] tutti_clock_relation relation() const noexcept; ///< waits for the writer [control]

    /// What the source reports for people (clock.h), JSON; empty if it has nothing to tell. [control]
    [[nodiscard]] std::string report() const;

  private:
    /// Where one started source publishes; what it publishes before it has taken over is kept.
    struct Feed {
        explicit Feed(ClockBridge& owner) : bridge(owner) {}
        ClockBridge& bridge;
        std::atomic<bool> live{false};
        Seqlock<tutti_clock_relation> early;
        bool knows_time = false; ///< of the source's thread, once live
    };

    static void on_publish(void* context, const tutti_clock_relation* relation) noexcept;
    void take(Feed& feed, const tutti_clock_relation& relation) noexcept;
    void stop() noexcept;

    Seqlock<tutti_clock_relation> relation_;
    tutti_clock_relation held_{}; ///< the line before the present source; constant while that is live
    const tutti_clock_source* source_ = nullptr;
    void* handle_ = nullptr;
    std::unique_ptr<Feed> feed_;
};

} // namespace tutti
