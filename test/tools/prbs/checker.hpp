#pragma once
#include "sample_layout.hpp"
#include "signal.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace tutti::prbs {

/// Finds one of the signals in a stream of frames, then compares every sample of every channel with it.
class Checker {
  public:
    struct Options {
        uint32_t channels = 1;
        uint32_t first_channel = 0; ///< number that the stream's first channel had when it was generated
        bool allow_tail = false;    ///< silence from some frame to the end is no error
    };

    /// All signals have the same number of bits.
    Checker(std::vector<Signal> signals, const SampleLayout& layout, const Options& options);

    void frame(const uint8_t* data);

    [[nodiscard]] bool passed(uint64_t min_frames) const noexcept;
    /// A channel counts as missing if most of its samples are wrong.
    [[nodiscard]] std::string to_json() const;

  private:
    struct Error {
        uint64_t frame = 0; ///< of the stream, from 0
        uint32_t channel = 0;
        int64_t expected = 0;
        std::optional<int64_t> got; ///< nothing: not a number of this width
    };

    struct Frame {
        std::vector<int32_t> samples;
        std::vector<uint8_t> sound; ///< of each sample: it is a number of this width
    };

    void read(const uint8_t* data, Frame& frame);
    void search(const Frame& frame);
    std::optional<uint64_t> locate();
    void compare(const Frame& frame, uint64_t number);
    void report(const Frame& frame, uint32_t channel, uint64_t number);
    void count_tail_as_errors(uint64_t number);

    std::vector<Signal> signals_;
    Signal signal_; // the one that was found
    std::size_t window_ = 0;
    SampleLayout layout_;
    Options options_;
    Frame frame_;
    std::deque<Frame> recent_; // while searching
    uint64_t attempts_ = 0;
    uint32_t next_channel_ = 0;
    std::vector<int32_t> expected_; // at the position
    std::vector<uint64_t> matched_;
    std::vector<bool> heard_;
    bool locked_ = false;
    uint64_t position_ = 0; // in the signal
    uint64_t frames_read_ = 0;
    uint64_t frames_compared_ = 0;
    uint64_t frames_verified_ = 0; // all channels right
    uint64_t errors_ = 0;
    uint64_t relocks_ = 0;
    uint64_t tail_ = 0;
    unsigned bad_frames_ = 0; // in a row
    std::optional<uint64_t> locked_at_;
    std::optional<uint64_t> first_position_;
    std::optional<Error> first_error_;
};

} // namespace tutti::prbs
