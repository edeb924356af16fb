#include "checker.hpp"

#include <algorithm>
#include <utility>

namespace tutti::prbs {
namespace {

/// So many frames in a row without one right sample: the position is lost, not a sample.
constexpr unsigned lost_after = 8;
constexpr uint64_t eager_attempts = 24;
constexpr uint64_t patience_frames = 1000;

} // namespace

Checker::Checker(std::vector<Signal> signals, const SampleLayout& layout, const Options& options)
    : signals_(std::move(signals)), signal_(signals_.front()), layout_(layout), options_(options),
      expected_(options.channels), matched_(options.channels), heard_(options.channels) {
    for (const Signal& signal : signals_)
        window_ = std::max<std::size_t>(window_, signal.needed());
    frame_.samples.resize(options.channels);
    frame_.sound.resize(options.channels);
}

void Checker::read(const uint8_t* data, Frame& frame) {
    for (uint32_t i = 0; i < options_.channels; ++i, data += layout_.bytes) {
        frame.sound[i] = layout_.get(data, frame.samples[i]);
        if (!frame.sound[i] || frame.samples[i] != 0)
            heard_[i] = true;
    }
}

void Checker::frame(const uint8_t* data) {
    read(data, frame_);
    if (locked_) {
        compare(frame_, frames_read_);
    } else {
        search(frame_);
    }
    ++frames_read_;
}

/// Any channel may give the position; the others then have to agree with it.
void Checker::search(const Frame& frame) {
    recent_.push_back(frame);
    if (recent_.size() > window_)
        recent_.pop_front();
    if (recent_.size() < window_)
        return;
    const auto found = locate();
    if (!found) {
        if (locked_at_)
            ++errors_; // after the first lock, what cannot be placed is wrong
        return;
    }
    locked_ = true;
    bad_frames_ = 0;
    position_ = *found;
    uint64_t number = frames_read_ + 1 - recent_.size();
    if (locked_at_) {
        ++relocks_;
        ++errors_; // a jump, however clean
    } else {
        locked_at_ = number;
        first_position_ = *found;
    }
    std::deque<Frame> placed;
    placed.swap(recent_);
    for (const Frame& one : placed)
        compare(one, number++);
}

/// A search takes milliseconds: one channel at a time, and only now and then once many have failed.
std::optional<uint64_t> Checker::locate() {
    const bool patient = attempts_ > eager_attempts;
    if (patient && frames_read_ % patience_frames != 0)
        return std::nullopt;
    for (uint32_t i = 0; i < options_.channels; ++i) {
        const uint32_t channel = (next_channel_ + i) % options_.channels;
        // A quiet beginning is no evidence: wait until the oldest sample is part of the signal.
        if (recent_.front().samples[channel] == 0)
            continue;
        std::vector<int32_t> window;
        for (const Frame& one : recent_)
            window.push_back(one.samples[channel]);
        ++attempts_;
        next_channel_ = channel + 1;
        for (const Signal& signal : signals_) {
            const auto found = signal.locate(options_.first_channel + channel, window);
            if (!found)
                continue;
            signal_ = signal;
            return found;
        }
        return std::nullopt;
    }
    return std::nullopt;
}

void Checker::compare(const Frame& frame, uint64_t number) {
    uint32_t right = 0;
    bool silent = true;
    signal_.frame(options_.first_channel, position_, expected_);
    for (uint32_t i = 0; i < options_.channels; ++i) {
        if (frame.samples[i] != 0 || !frame.sound[i])
            silent = false;
        if (!frame.sound[i] || frame.samples[i] != expected_[i])
            continue;
        ++right;
        ++matched_[i];
    }
    const bool whole = right == options_.channels;
    // Whether silence is the end or a gap shows later; within it a sample may well be 0 by right.
    if (silent && options_.allow_tail && (!whole || tail_ > 0)) {
        ++tail_;
        ++position_;
        return;
    }
    ++frames_compared_;
    if (tail_ > 0)
        count_tail_as_errors(number);
    if (whole)
        ++frames_verified_;
    for (uint32_t i = 0; i < options_.channels && !whole; ++i)
        report(frame, i, number);
    ++position_;
    bad_frames_ = right == 0 ? bad_frames_ + 1 : 0;
    if (bad_frames_ < lost_after)
        return;
    locked_ = false;
    attempts_ = 0;
}

/// Notes one sample, if it is wrong.
void Checker::report(const Frame& frame, uint32_t channel, uint64_t number) {
    const int32_t expected = expected_[channel];
    if (frame.sound[channel] && frame.samples[channel] == expected)
        return;
    ++errors_;
    if (first_error_)
        return;
    const unsigned shift = 32 - signal_.bits();
    first_error_ = Error{number, channel, expected >> shift, std::nullopt};
    if (frame.sound[channel])
        first_error_->got = frame.samples[channel] >> shift;
}

/// The silence was a gap, not the end.
void Checker::count_tail_as_errors(uint64_t number) {
    errors_ += tail_ * options_.channels;
    if (!first_error_) {
        const int32_t expected = signal_.sample(options_.first_channel, position_ - tail_);
        first_error_ = Error{number - tail_, 0, expected >> (32 - signal_.bits()), 0};
    }
    tail_ = 0;
}

bool Checker::passed(uint64_t min_frames) const noexcept {
    return locked_at_ && errors_ == 0 && frames_verified_ >= std::max<uint64_t>(min_frames, 1);
}

std::string Checker::to_json() const {
    const auto number = [](const auto& value) {
        return value ? std::to_string(*value) : std::string("null");
    };
    std::string missing;
    for (uint32_t i = 0; i < options_.channels; ++i) {
        if (heard_[i] && matched_[i] * 2 > frames_compared_)
            continue;
        if (!missing.empty())
            missing += ',';
        missing += std::to_string(options_.first_channel + i);
    }
    std::string error = "null";
    if (first_error_) {
        error = "{\"frame\":" + std::to_string(first_error_->frame) +
                ",\"channel\":" + std::to_string(options_.first_channel + first_error_->channel) +
                ",\"expected\":" + std::to_string(first_error_->expected) +
                ",\"got\":" + number(first_error_->got) + "}";
    }
    return "{\"frames\":" + std::to_string(frames_verified_) + ",\"read\":" + std::to_string(frames_read_) +
           ",\"lockedAt\":" + number(locked_at_) + ",\"position\":" + number(first_position_) +
           ",\"errors\":" + std::to_string(errors_) + ",\"firstError\":" + error +
           ",\"relocks\":" + std::to_string(relocks_) + ",\"tail\":" + std::to_string(tail_) +
           ",\"channelsMissing\":[" + missing + "]}";
}

} // namespace tutti::prbs
