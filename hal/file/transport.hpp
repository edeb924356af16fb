#pragma once
#include "client/region_clock.hpp"
#include "client/region_mapping.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace tutti::hal {

/// Exit codes of the file driver; the same numbers as those of the tutti command.
enum class Outcome { done = 0, failed = 1, usage = 2, missing = 4, conflict = 5, degraded = 6 };

/// Where and when a file meets the timeline.
struct TransportOptions {
    std::string region;
    std::string file;
    uint32_t first = 0;        ///< channel, from 0
    std::optional<int64_t> at; ///< index of the file's first frame; absent: as soon as possible
    std::atomic<bool>* stop = nullptr;
};

/// What is reported at the end, as one line of JSON.
struct TransportReport {
    Outcome outcome = Outcome::failed;
    std::string problem; ///< a sentence; empty if there is none
    int64_t start = 0;   ///< index of the first frame
    int64_t frames = 0;  ///< placed on the timeline, or taken from it
    int64_t late = 0;    ///< frames of these that were not there in time
    int64_t silent = 0;  ///< recording: frames during which the engine was gone

    [[nodiscard]] std::string to_json() const;
};

/// An opened region with a running clock, shared by player and recorder. [control]
class Transport {
  public:
    /// Fills report.outcome and problem and returns false if the region cannot be used.
    bool open(const std::string& path, TransportReport& report);
    /// False, with the reason in the report, if the timeline is no longer the one we started on.
    bool follow(TransportReport& report);

    /// Index that the media clock shows now.
    [[nodiscard]] int64_t now() const noexcept;
    [[nodiscard]] const RegionMapping& region() const noexcept { return region_; }

  private:
    RegionMapping region_;
    RegionClock clock_;
    uint64_t epoch_ = 0;
};

/// Both threads of a transport look again this often: far more often than any buffer runs out.
void pause_transport();

} // namespace tutti::hal
