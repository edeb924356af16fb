#pragma once
#include "client/region_clock.hpp"
#include "client/region_mapping.hpp"

#include <cstdint>
#include <ctime>
#include <string>

namespace tutti::tools {

inline int64_t clock_ns(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

/// A device region as its engines come and go: opened when there is one, and anew when it was replaced.
class Region {
  public:
    explicit Region(std::string path) : path_(std::move(path)) {}

    /// False while there is no region with a clock.
    bool follow();
    /// Rises with every step of the timeline, and when the region was replaced.
    [[nodiscard]] uint64_t epoch() const { return opened_ * 1'000'000 + clock_.epoch(); }
    [[nodiscard]] const hal::RegionMapping& mapping() const { return mapping_; }
    [[nodiscard]] const hal::RegionClock& clock() const { return clock_; }
    [[nodiscard]] int64_t now() const { return clock_.index_at(clock_ns(CLOCK_MONOTONIC)); }

  private:
    std::string path_;
    hal::RegionMapping mapping_;
    hal::RegionClock clock_;
    uint64_t opened_ = 0;
};

} // namespace tutti::tools
