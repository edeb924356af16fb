// DSD to PCM: one low-pass FIR that is evaluated once a frame, over the bits of thirty-one frames.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tutti::dop {

// A Kaiser-windowed sinc, linear in phase, in proportion to the frame rate r: it passes to 0.113 r and stops
// from 0.343 r (20 and 60.5 kHz at 176.4 kHz). docs/dop.md has what was measured. A bit is +1 or -1, so that
// full modulation is full scale. Evaluated by bytes: a table has the sum of eight taps for each value.
class DsdFilter {
  public:
    static constexpr uint32_t window_frames = 31;
    // The output belongs to the frame in the window's middle.
    static constexpr uint32_t delay_frames = window_frames / 2;

    // The one filter for 16 or 32 bits a frame; made when it is first asked for. [control]
    static const DsdFilter& for_words(uint32_t words_a_frame);

    // The words of each frame of the window, oldest first. [audio]
    float evaluate(const uint16_t* words) const noexcept {
        float even = 0;
        float odd = 0;
        const std::array<float, 256>* table = tables_.data();
        for (size_t i = 0; i < tables_.size() / 2; ++i, table += 2) {
            even += table[0][words[i] >> 8];
            odd += table[1][words[i] & 0xFF];
        }
        return even + odd;
    }
    // The same of pairs: thirty-two bits a frame, the older ones in `first`. [audio]
    float evaluate(const uint16_t* first, const uint16_t* second) const noexcept {
        float even = 0;
        float odd = 0;
        const std::array<float, 256>* table = tables_.data();
        for (size_t i = 0; i < tables_.size() / 4; ++i, table += 4) {
            even += table[0][first[i] >> 8] + table[1][first[i] & 0xFF];
            odd += table[2][second[i] >> 8] + table[3][second[i] & 0xFF];
        }
        return even + odd;
    }

  private:
    explicit DsdFilter(uint32_t words_a_frame);

    std::vector<std::array<float, 256>> tables_; // of each byte of the window
};

} // namespace tutti::dop
