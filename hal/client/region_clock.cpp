#include "region_clock.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace tutti::hal {
namespace {

/// The writer is inside for nanoseconds; one that stays longer was interrupted or died there.
constexpr int read_attempts = 200;
/// A line further off than this from the one before is a step, whether the generation says so yet or not.
constexpr int64_t step_ns = 1'000'000;
/// 292 years; leaves room for the arithmetic below.
constexpr int64_t max_ns = INT64_MAX / 4;
constexpr double max_rate_deviation = 1e-3;

} // namespace

bool RegionClock::read(const tutti_region_clock& clock, Line& line) noexcept {
    for (int attempt = 0; attempt < read_attempts; ++attempt) {
        const uint32_t before = __atomic_load_n(&clock.sequence, __ATOMIC_ACQUIRE);
        if (before == 0)
            return false;
        if ((before & 1) != 0)
            continue;
        // Acquire on each word keeps the second look at `sequence` behind them, without a fence (TSan knows
        // none).
        line.state = __atomic_load_n(&clock.state, __ATOMIC_ACQUIRE);
        line.local_ns = __atomic_load_n(&clock.local_ns, __ATOMIC_ACQUIRE);
        line.media_ns = __atomic_load_n(&clock.media_ns, __ATOMIC_ACQUIRE);
        __atomic_load(&clock.rate_deviation, &line.rate_deviation, __ATOMIC_ACQUIRE);
        line.generation = __atomic_load_n(&clock.generation, __ATOMIC_ACQUIRE);
        if (__atomic_load_n(&clock.sequence, __ATOMIC_RELAXED) != before)
            continue;
        return line.local_ns >= 0 && line.local_ns <= max_ns && line.media_ns >= 0 &&
               line.media_ns <= max_ns && std::fabs(line.rate_deviation) <= max_rate_deviation;
    }
    return false;
}

bool RegionClock::refresh(const RegionView& region) noexcept {
    Line line;
    if (!read(region.header().clock, line))
        return valid_;
    rate_ = region.geometry().rate;
    if (valid_) {
        const bool stepped = line.generation != line_.generation ||
                             std::llabs(media_ns_at(line.local_ns) - line.media_ns) > step_ns;
        if (stepped)
            ++epoch_;
    }
    line_ = line;
    valid_ = true;
    return true;
}

int64_t RegionClock::media_ns_at(int64_t local_ns) const noexcept {
    const int64_t elapsed = local_ns - line_.local_ns;
    return line_.media_ns + elapsed +
           static_cast<int64_t>(static_cast<double>(elapsed) * line_.rate_deviation);
}

int64_t RegionClock::index_at(int64_t local_ns) const noexcept {
    return tutti_media_index(std::max<int64_t>(media_ns_at(local_ns), 0), rate_);
}

int64_t RegionClock::local_ns_of(int64_t index) const noexcept {
    const int64_t elapsed = tutti_media_ns(std::max<int64_t>(index, 0), rate_) - line_.media_ns;
    const double deviation = line_.rate_deviation / (1 + line_.rate_deviation);
    return line_.local_ns + elapsed - static_cast<int64_t>(static_cast<double>(elapsed) * deviation);
}

} // namespace tutti::hal
