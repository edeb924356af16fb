#include "dop_stage.hpp"

#include <algorithm>
#include <cstdio>
#include <new>

namespace tutti::dop {

DopStage::DopStage(Output output, uint32_t channels)
    : output_(output), trackers_(channels), histories_(output == Output::convert ? channels : 0),
      plain_(DsdFilter::for_words(1)), pairs_(DsdFilter::for_words(2)) {}

void DopStage::reset() noexcept {
    for (DopHistory& history : histories_)
        history.clear();
}

uint32_t DopStage::run(float* samples, size_t stride, uint32_t frames, bool missing) noexcept {
    for (uint32_t f = 0; f < frames; ++f, samples += stride) {
        if (output_ == Output::pass)
            pass(samples, missing);
        else
            convert(samples, missing);
    }
    return content();
}

void DopStage::pass(float* frame, bool missing) noexcept {
    for (DopTracker& tracker : trackers_) {
        const DopTracker::Frame tracked = tracker.add(to_word(*frame), missing);
        if (tracked.is_dsd)
            *frame = to_sample(tracked.word);
        ++frame;
    }
}

void DopStage::convert(float* frame, bool missing) noexcept {
    for (size_t channel = 0; channel < trackers_.size(); ++channel) {
        const uint32_t word = to_word(frame[channel]);
        const DopTracker::Frame tracked = trackers_[channel].add(word, missing);
        // What has a marker may turn out to be DSD already.
        const bool may_be = !missing && Marker::of(word).packing != Packing::none;
        const auto bits = static_cast<uint16_t>(tracked.is_dsd ? tracked.bits : may_be ? word : idle_bits);
        histories_[channel].add(frame[channel], bits);
    }
    for (size_t channel = 0; channel < trackers_.size(); ++channel) {
        // Both channels of a pair get what the two are together: whichever is routed is heard.
        const bool is_second = channel % 2 == 1 && is_whole_pair(channel - 1);
        frame[channel] = is_second ? frame[channel - 1] : converted(channel);
    }
}

bool DopStage::is_whole_pair(size_t first) const noexcept {
    return first + 1 < trackers_.size() && trackers_[first].packing() == Packing::pairs &&
           trackers_[first + 1].packing() == Packing::pairs;
}

float DopStage::converted(size_t channel) const noexcept {
    const DopHistory& history = histories_[channel];
    switch (trackers_[channel].packing()) {
    case Packing::none:
        return history.sample();
    case Packing::plain:
        return plain_.evaluate(history.window());
    case Packing::pairs:
        return channel % 2 == 0 && is_whole_pair(channel)
                   ? pairs_.evaluate(history.window(), histories_[channel + 1].window())
                   : 0.0F;
    }
    return 0;
}

uint32_t DopStage::content() const noexcept {
    uint32_t content = 0;
    for (const DopTracker& tracker : trackers_) {
        if (tracker.packing() != Packing::none)
            content |= TUTTI_CONTENT_DSD;
        if (tracker.packing() == Packing::pairs)
            content |= TUTTI_CONTENT_DSD_PAIRS;
    }
    if (content != 0 && output_ == Output::pass)
        content |= TUTTI_CONTENT_WORDS;
    return content;
}

namespace {

constexpr uint32_t most_channels = 128;

template <bool always_converts>
void* start(const tutti_stage_format* format, char* error, size_t error_bytes) {
    if (format->size < sizeof(tutti_stage_format) || format->channels < 1 ||
        format->channels > most_channels) {
        std::snprintf(error, error_bytes, "a stream of DoP has 1 to %u channels", most_channels);
        return nullptr;
    }
    // Words that are resampled are words no more.
    const bool converts = always_converts || format->resampled != 0;
    try {
        return new DopStage(converts ? DopStage::Output::convert : DopStage::Output::pass, format->channels);
    } catch (const std::bad_alloc&) {
        std::snprintf(error, error_bytes, "there is no memory for it");
        return nullptr;
    }
}

void stop(void* handle) {
    delete static_cast<DopStage*>(handle);
}
uint32_t delay(void* handle) {
    return static_cast<DopStage*>(handle)->delay();
}
void reset(void* handle) {
    static_cast<DopStage*>(handle)->reset();
}
uint32_t run(void* handle, float* samples, size_t stride, uint32_t frames, uint32_t missing) {
    return static_cast<DopStage*>(handle)->run(samples, stride, frames, missing != 0);
}

template <bool always_converts>
constexpr tutti_stage stage = {.size = sizeof(tutti_stage),
                               .abi = TUTTI_ABI,
                               .start = &start<always_converts>,
                               .stop = &stop,
                               .delay = &delay,
                               .reset = &reset,
                               .run = &run};

} // namespace

const tutti_stage& automatic_stage() noexcept {
    return stage<false>;
}

const tutti_stage& converting_stage() noexcept {
    return stage<true>;
}

} // namespace tutti::dop
