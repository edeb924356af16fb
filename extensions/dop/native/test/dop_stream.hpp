// DoP made by the tests, written down from the standard and not with the code under test.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "tutti/codec.h"

namespace tutti::dop::test {

inline float sample_of(uint32_t word) {
    const auto value = static_cast<int32_t>(word & 0xFFFFFF);
    return static_cast<float>(value >= 0x800000 ? value - 0x1000000 : value) / 8388608.0F;
}

inline uint32_t word_of(float sample) {
    return static_cast<uint32_t>(std::lrint(static_cast<double>(sample) * 8388608)) & 0xFFFFFF;
}

// Interleaved frames of DoP: `bits[channel][frame]`. `first`: the first frame's marker is 0x05 or 0x06.
inline std::vector<float> dop_of(const std::vector<std::vector<uint16_t>>& bits, bool pairs = false,
                                 bool first = true) {
    std::vector<float> frames;
    for (size_t f = 0; f < bits[0].size(); ++f) {
        const bool even = f % 2 == (first ? 0 : 1);
        const uint32_t marker = pairs ? (even ? 0x06 : 0xF9) : (even ? 0x05 : 0xFA);
        for (const auto& channel : bits)
            frames.push_back(sample_of(marker << 16 | channel[f]));
    }
    return frames;
}

inline std::vector<std::vector<uint16_t>> random_bits(size_t channels, size_t frames, uint32_t seed = 1) {
    std::mt19937 random(seed);
    std::vector<std::vector<uint16_t>> bits(channels, std::vector<uint16_t>(frames));
    for (auto& channel : bits) {
        for (uint16_t& word : channel)
            word = static_cast<uint16_t>(random());
    }
    return bits;
}

// 24-bit PCM that has no marker of DoP: music never has rows of them, this has none at all.
inline std::vector<float> random_pcm(size_t samples, uint32_t seed = 2) {
    std::mt19937 random(seed);
    std::vector<float> pcm;
    while (pcm.size() < samples) {
        const uint32_t word = random() & 0xFFFFFF;
        const uint32_t top = word >> 16;
        if (top != 0x05 && top != 0xFA && top != 0x06 && top != 0xF9 && word != 0)
            pcm.push_back(sample_of(word));
    }
    return pcm;
}

// A stage by its table, as the engine has it.
class RunningStage {
  public:
    RunningStage(const tutti_stage& table, uint32_t channels, uint32_t rate = 176'400, bool resampled = false)
        : table_(table), channels_(channels) {
        const tutti_stage_format format{sizeof(tutti_stage_format), TUTTI_ABI, channels, rate,
                                        resampled ? 1u : 0u};
        char error[100] = "";
        handle_ = table.start(&format, error, sizeof error);
    }
    ~RunningStage() { table_.stop(handle_); }
    RunningStage(const RunningStage&) = delete;
    RunningStage& operator=(const RunningStage&) = delete;

    uint32_t delay() const { return table_.delay(handle_); }
    void reset() { table_.reset(handle_); }
    uint32_t run(float* frames, uint32_t count, bool missing = false) {
        return table_.run(handle_, frames, channels_, count, missing ? 1 : 0);
    }
    // Whole vectors; the content of the last block is kept.
    std::vector<float> run(std::vector<float> frames, bool missing = false) {
        content = run(frames.data(), static_cast<uint32_t>(frames.size() / channels_), missing);
        return frames;
    }
    std::vector<float> gap(size_t frames) { return run(std::vector<float>(frames * channels_), true); }

    uint32_t content = 0;

  private:
    const tutti_stage& table_;
    uint32_t channels_;
    void* handle_ = nullptr;
};

// Whether the markers of each channel alternate all through the frames.
inline bool markers_alternate(const std::vector<float>& frames, size_t channels) {
    for (size_t i = channels; i < frames.size(); ++i) {
        const uint32_t before = word_of(frames[i - channels]) >> 16;
        const uint32_t here = word_of(frames[i]) >> 16;
        const bool is_marker = here == 0x05 || here == 0xFA || here == 0x06 || here == 0xF9;
        if (!is_marker || (here ^ before) != 0xFF)
            return false;
    }
    return true;
}

} // namespace tutti::dop::test
