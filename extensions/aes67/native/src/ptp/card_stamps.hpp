// From a network card's timestamps to local time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "phc/phc_device.hpp"
#include "ptp/ptp_interface.hpp"
#include "wall_line.hpp"

namespace tutti::aes67::ptp {

// A stamp is taken to local time by a reading of the card's clock right after it: at most `most_age_ns`
// later, the two clocks have drifted apart by nothing that matters, and whoever steers the card's clock
// (ptp4l) may go on to do so. Of one thread.
class CardStamps {
  public:
    static constexpr int64_t most_age_ns = 20'000'000; // 2 us at 100 ppm; usually 0.1 ms
    static constexpr int most_misfits = 8;             // in a row

    // Empty if the card stamps PTP messages and its clock can be read, or why not, in words that go behind
    // "kernel timestamps, for ...". Switches the card's timestamps on.
    std::string open(const Interface& interface);
    void close() noexcept { device_.close(); }
    bool is_open() const noexcept { return device_.is_open(); }

    // Reads the card's clock, and as to_local() below. It counts those that do not fit: one that is only old
    // lay waiting while the machine did something else, and is no fault of the card's.
    std::optional<int64_t> to_local(int64_t card_ns, int64_t earliest_ns, int64_t latest_ns) noexcept;
    // So many stamps in a row do not fit that none can be believed.
    bool has_failed() const noexcept { return misfits_ >= most_misfits; }

    // Local time of a stamp, with `now` read after it; nothing if it is older than `most_age_ns` or not
    // between the two local times.
    static std::optional<int64_t> to_local(int64_t card_ns, const ClockPair& now, int64_t earliest_ns,
                                           int64_t latest_ns) noexcept;

    // That it is between the two local times, however old.
    static bool fits(int64_t card_ns, const ClockPair& now, int64_t earliest_ns, int64_t latest_ns) noexcept;

  private:
    phc::PhcDevice device_;
    int misfits_ = 0;
};

} // namespace tutti::aes67::ptp
