// Tells DoP from PCM on one channel, frame by frame, and keeps its markers alternating. [audio]
#pragma once

#include "dop_word.hpp"

namespace tutti::dop {

class DopTracker {
  public:
    // Frames in a row with the right markers that make DSD of a channel, and with wrong ones that make it
    // PCM. Of rows of random samples one in 2^254 is taken for DSD.
    static constexpr uint32_t row = 32;

    // A frame as the tracker leaves it.
    struct Frame {
        bool is_dsd = false;       // otherwise the sample stays as it was
        uint16_t bits = idle_bits; // of DSD: what came, or silence where nothing fitting came
        uint32_t word = 0;         // of DSD: the bits with a marker that is not the one before
    };

    // The next frame. `missing`: it never came. Zeros on a channel that is DSD are a gap, too: in DSD nobody
    // sends them, and a converter without markers leaves DSD with a click.
    Frame add(uint32_t word, bool missing) noexcept;

    Packing packing() const noexcept { return packing_; }

  private:
    void count(Marker marker) noexcept;

    Packing packing_ = Packing::none;
    bool came_second_ = false; // the marker that the frame before should have had
    bool left_second_ = false; // the marker that it left with
    uint32_t wrong_ = 0;       // frames in a row that did not fit
    Marker newest_;            // of the row of frames whose markers alternate
    uint32_t alternating_ = 0; // length of that row
};

inline void DopTracker::count(Marker marker) noexcept {
    const bool goes_on = marker.packing == newest_.packing && marker.second != newest_.second;
    if (marker.packing == Packing::none)
        alternating_ = 0;
    else
        alternating_ = goes_on && alternating_ > 0 ? alternating_ + (alternating_ < row) : 1;
    newest_ = marker;
}

inline DopTracker::Frame DopTracker::add(uint32_t word, bool missing) noexcept {
    const bool gap = missing || (packing_ != Packing::none && word == 0);
    const Marker marker = gap ? Marker{} : Marker::of(word);
    count(marker);
    came_second_ = !came_second_;
    left_second_ = !left_second_;
    bool fits = marker.packing == packing_ && marker.second == came_second_;
    if (alternating_ >= row && !fits) {
        // DSD begins, or went on with its markers the other way round: they leave here as they did before.
        if (packing_ == Packing::none)
            left_second_ = marker.second;
        packing_ = marker.packing;
        came_second_ = marker.second;
        fits = true;
    }
    if (packing_ == Packing::none)
        return {};
    wrong_ = fits ? 0 : wrong_ + (gap ? 0 : 1);
    if (wrong_ >= row) {
        packing_ = Packing::none;
        wrong_ = 0;
        return {};
    }
    const auto bits = static_cast<uint16_t>(fits ? word : idle_bits);
    return {true, bits, Marker{packing_, left_second_}.word(bits)};
}

} // namespace tutti::dop
