#include "recovered_clock.hpp"

#include "local_time.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace tutti {
namespace {

constexpr int64_t first_stretch_ns = 50'000'000;
constexpr int64_t last_stretch_ns = 800'000'000;
constexpr std::size_t points_to_anchor = 5;

// Crystals are within 100 ppm, what calls itself a sender perhaps within 300: a slope far from the last known
// one needs evidence, which a quarter of a second of jittered packets is not.
constexpr double usual_deviation = 2e-4;
constexpr double largest_slope = 2e-3;

constexpr double least_spread_ns = 500;
constexpr double outlier_spreads = 3;

constexpr int64_t jump_ns = ns_per_second; // no network delays by this
constexpr int strays_to_jump = 3;

// Another path through the network, or timestamps that slipped. A queue makes packets late for a while,
// nothing makes them early.
constexpr double shift_ns = 1'000'000;
constexpr double shift_spreads = 8;
constexpr int64_t late_for_ns = 10 * ns_per_second;
constexpr int64_t early_for_ns = 1 * ns_per_second;

double median(std::array<double, 64>& values, std::size_t count) noexcept {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(count / 2);
    std::nth_element(values.begin(), middle, values.begin() + static_cast<std::ptrdiff_t>(count));
    return *middle;
}

} // namespace

void RecoveredClock::restart() noexcept {
    anchored_ = false;
    count_ = 0;
    stretch_open_ = false;
    strays_ = 0;
    off_side_ = 0;
}

RecoveredClock::Delay RecoveredClock::delay_at(int64_t at_ns) const noexcept {
    return {origin_.delay, rest_ + slope_ * static_cast<double>(at_ns - origin_.at)};
}

double RecoveredClock::above_line(const Point& point) const noexcept {
    const Delay line = delay_at(point.at);
    return static_cast<double>(point.delay - line.whole) - line.rest;
}

double RecoveredClock::memory_s() const noexcept {
    return count_ == 0 ? 0 : static_cast<double>(points_[count_ - 1].at - points_[0].at) / ns_per_second;
}

RecoveredClock::Event RecoveredClock::add(int64_t end_ns, int64_t arrival_ns) noexcept {
    const Point packet{arrival_ns, arrival_ns - end_ns};
    if (strayed(packet)) {
        if (strays_ < strays_to_jump)
            return Event::stray;
        restart();
        begin_at(packet);
        return Event::jumped;
    }
    if (!stretch_open_) {
        begin_at(packet);
        return Event::none;
    }
    // Compared along the line: within a stretch the sender's clock moves on.
    const auto moved = static_cast<int64_t>(slope_ * static_cast<double>(packet.at - least_.at));
    if (packet.delay - moved < least_.delay)
        least_ = packet;
    return packet.at - stretch_began_ < stretch_ns_ ? Event::none : close_stretch(packet.at);
}

/// Far from everything known. Alone it is a broken packet; several that agree are the stream's new time.
bool RecoveredClock::strayed(const Point& packet) noexcept {
    if (!stretch_open_)
        return false;
    const int64_t off = anchored_ ? static_cast<int64_t>(above_line(packet)) : packet.delay - last_delay_;
    if (std::llabs(off) < jump_ns) {
        strays_ = 0;
        return false;
    }
    strays_ = strays_ > 0 && std::llabs(packet.delay - stray_.delay) < jump_ns ? strays_ + 1 : 1;
    stray_ = packet;
    return true;
}

void RecoveredClock::begin_at(const Point& point) noexcept {
    count_ = 0;
    strays_ = 0;
    off_side_ = 0;
    stretch_ns_ = first_stretch_ns;
    stretch_open_ = true;
    stretch_began_ = point.at;
    least_ = point;
    last_delay_ = point.delay;
}

RecoveredClock::Event RecoveredClock::close_stretch(int64_t now) noexcept {
    const Point point = least_;
    stretch_began_ = now;
    least_ = {now, INT64_MAX};
    if (anchored_ && has_shifted(point)) {
        begin_at(point);
        origin_ = point;
        rest_ = 0;
        keep(point);
        return Event::shifted;
    }
    keep(point);
    if (count_ < points_to_anchor && !anchored_)
        return Event::none;
    fit();
    const bool first = !anchored_;
    anchored_ = true;
    return first ? Event::anchored : Event::none;
}

bool RecoveredClock::has_shifted(const Point& point) noexcept {
    const double off = above_line(point);
    const double limit = std::max(shift_ns, shift_spreads * spread_ns_);
    const int side = off > limit ? 1 : off < -limit ? -1 : 0;
    if (side != off_side_) {
        off_side_ = side;
        off_since_ = point.at;
    }
    return side != 0 && point.at - off_since_ >= (side > 0 ? late_for_ns : early_for_ns);
}

void RecoveredClock::keep(const Point& point) noexcept {
    if (count_ == capacity && stretch_ns_ < last_stretch_ns) {
        for (std::size_t i = 0; i < capacity / 2; ++i) {
            const Point& a = points_[2 * i];
            const Point& b = points_[2 * i + 1];
            points_[i] = above_line(a) < above_line(b) ? a : b;
        }
        count_ = capacity / 2;
        stretch_ns_ *= 2;
    }
    if (count_ == capacity) {
        std::move(points_.begin() + 1, points_.end(), points_.begin());
        --count_;
    }
    points_[count_++] = point;
    last_delay_ = point.delay;
}

void RecoveredClock::fit() noexcept {
    // Everything relative to the newest point: differences are small, so doubles are exact.
    const Point newest = points_[count_ - 1];
    std::array<double, capacity> x;
    std::array<double, capacity> y;
    std::array<double, capacity> sorted;
    for (std::size_t i = 0; i < count_; ++i) {
        x[i] = static_cast<double>(points_[i].at - newest.at);
        y[i] = static_cast<double>(points_[i].delay - newest.delay);
    }
    const double known_slope = slope_;
    double slope = slope_;
    double intercept = 0;
    for (int pass = 0; pass < 2; ++pass) {
        for (std::size_t i = 0; i < count_; ++i)
            sorted[i] = y[i] - slope * x[i];
        const double centre = median(sorted, count_);
        for (std::size_t i = 0; i < count_; ++i)
            sorted[i] = std::fabs(y[i] - slope * x[i] - centre);
        spread_ns_ = std::max(1.4826 * median(sorted, count_), least_spread_ns); // as a standard deviation
        double n = 0;
        double sum_x = 0;
        double sum_y = 0;
        double sum_xx = 0;
        double sum_xy = 0;
        for (std::size_t i = 0; i < count_; ++i) {
            if (std::fabs(y[i] - slope * x[i] - centre) > outlier_spreads * spread_ns_)
                continue;
            n += 1;
            sum_x += x[i];
            sum_y += y[i];
            sum_xx += x[i] * x[i];
            sum_xy += x[i] * y[i];
        }
        const double mean_x = sum_x / n;
        const double mean_y = sum_y / n;
        const double reach = sum_xx - n * mean_x * mean_x;
        // What was known of the slope before counts as much as its own doubt against that of the points.
        const double doubt = spread_ns_ / usual_deviation;
        slope = (sum_xy - n * mean_x * mean_y + doubt * doubt * known_slope) / (reach + doubt * doubt);
        slope = std::clamp(slope, -largest_slope, largest_slope);
        intercept = mean_y - slope * mean_x;
        error_ns_ = spread_ns_ * std::sqrt(1 / n + mean_x * mean_x / (reach + doubt * doubt));
    }
    origin_ = newest;
    rest_ = intercept;
    slope_ = slope;
}

} // namespace tutti
