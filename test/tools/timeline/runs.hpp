#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tutti::tools {

/// What arrived, as stretches of one delay: a stream that plays on is one stretch, whatever happens to it is
/// where a stretch ends.
class Runs {
  public:
    /// `delay` in frames; none for silence. `wall_ns`: when the frame was due to be heard, ns since 1970.
    void add(std::optional<int64_t> delay, int64_t wall_ns);
    /// The timeline stepped: what follows does not continue what was.
    void cut() { cut_ = true; }
    [[nodiscard]] std::string to_json() const;

  private:
    struct Run {
        std::optional<int64_t> delay;
        int64_t frames = 0;
        int64_t begin_ns = 0;
        int64_t end_ns = 0;
    };
    /// Noise would make a run of every frame: what does not fit is only counted.
    static constexpr std::size_t most_runs = 400;

    std::vector<Run> runs_;
    int64_t left_out_ = 0;
    bool cut_ = false;
};

} // namespace tutti::tools
