#pragma once
#include <array>
#include <cstdint>

namespace tutti {

/**
 * The sender's clock, recovered from RTP timestamps and the times at which packets arrived.
 *
 * A packet's delay is its arrival on our timeline minus the stream time of its end. Networks and schedulers
 * only ever add to it, so the least delayed packets tell the truth: their delays lie on a line, whose slope
 * is how much slower the sender's clock runs than ours. The least delay of each stretch of time is one point;
 * the line is a least-squares fit through the newest points that agree with one another (median absolute
 * deviation), so that a stall or a burst of jitter, even one of half the time remembered, does not move it.
 * The stretches grow with what is known, from 50 ms at the start to 0.8 s: 51 s are remembered in the end.
 *
 * Times are media ns of our timeline; stream times are frames / rate in ns. [audio] throughout.
 */
class RecoveredClock {
  public:
    enum class Event {
        none,
        stray,    ///< a packet that cannot be of this stream's time: to be left out
        anchored, ///< the line is known from here on
        shifted,  ///< all packets have another delay now: the line was begun anew there
        jumped    ///< timestamps that have nothing to do with the ones before: anchoring begins anew
    };

    /// A delay as a whole number and the rest, both ns, so that nothing is rounded off.
    struct Delay {
        int64_t whole = 0;
        double rest = 0;
    };

    /// @param end stream time of the end of the packet's last frame.
    Event add(int64_t end_ns, int64_t arrival_ns) noexcept;
    /// Forgets where the stream's time lies, not how fast it runs.
    void restart() noexcept;

    [[nodiscard]] bool anchored() const noexcept { return anchored_; }
    /// Least delay at media time `at_ns`. Only when anchored.
    [[nodiscard]] Delay delay_at(int64_t at_ns) const noexcept;
    /// By how much the sender's clock is faster than ours, e.g. 3e-4 for 300 ppm.
    [[nodiscard]] double deviation() const noexcept { return -slope_; }
    /// How long the points reach back, s.
    [[nodiscard]] double memory_s() const noexcept;
    /// Standard error of the line's end, as far as the points tell, ns.
    [[nodiscard]] double error_ns() const noexcept { return error_ns_; }

  private:
    struct Point {
        int64_t at = 0;
        int64_t delay = 0;
    };
    static constexpr std::size_t capacity = 64;

    [[nodiscard]] double above_line(const Point& point) const noexcept;
    [[nodiscard]] bool strayed(const Point& point) noexcept;
    Event close_stretch(int64_t now) noexcept;
    [[nodiscard]] bool has_shifted(const Point& point) noexcept;
    void keep(const Point& point) noexcept;
    void begin_at(const Point& point) noexcept;
    void fit() noexcept;

    bool anchored_ = false;
    std::array<Point, capacity> points_{};
    std::size_t count_ = 0;
    int64_t stretch_ns_ = 0; ///< length of a point's stretch of time
    int64_t stretch_began_ = 0;
    bool stretch_open_ = false;
    Point least_;            ///< of the stretch under way
    int64_t last_delay_ = 0; ///< of the newest point, or of the first packet

    Point origin_;         ///< the line goes through `rest_` above it
    double rest_ = 0;      ///< ns
    double slope_ = 0;     ///< ns of delay gained a ns
    double spread_ns_ = 0; ///< of the points that agree
    double error_ns_ = 0;
    int strays_ = 0; ///< packets in a row that are far off
    Point stray_;
    int64_t off_since_ = 0; ///< since when points lie on one side, off the line
    int off_side_ = 0;
};

} // namespace tutti
