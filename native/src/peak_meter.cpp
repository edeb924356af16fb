#include "peak_meter.hpp"

#include <bit>
#include <cstring>

namespace tutti {
namespace {

using Floats = float __attribute__((vector_size(16)));
using Words = int32_t __attribute__((vector_size(16)));

Floats absolute(Floats value) noexcept {
    return std::bit_cast<Floats>(std::bit_cast<Words>(value) &
                                 Words{0x7FFFFFFF, 0x7FFFFFFF, 0x7FFFFFFF, 0x7FFFFFFF});
}

} // namespace

void PeakMeter::add(const float* samples, uint32_t frames) noexcept {
    constexpr uint32_t lanes = 4;
    const uint32_t whole = channels_ / lanes * lanes;
    for (uint32_t frame = 0; frame < frames; ++frame, samples += channels_) {
        uint32_t c = 0;
        for (; c < whole; c += lanes) {
            Floats sample;
            Floats peak;
            std::memcpy(&sample, samples + c, sizeof(sample));
            std::memcpy(&peak, peaks_.data() + c, sizeof(peak));
            sample = absolute(sample);
            peak = sample > peak ? sample : peak;
            std::memcpy(peaks_.data() + c, &peak, sizeof(peak));
        }
        for (; c < channels_; ++c) {
            const float sample = samples[c] < 0 ? -samples[c] : samples[c];
            if (sample > peaks_[c])
                peaks_[c] = sample;
        }
    }
}

} // namespace tutti
