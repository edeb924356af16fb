#pragma once
#include <atomic>
#include <cstdint>
#include <string>

namespace tutti::tools {

/// Set by SIGINT and SIGTERM.
extern std::atomic<bool> stop;

struct Arguments {
    std::string region;
    std::string source;         ///< region of the sender
    uint32_t channel = 0;       ///< from 0
    double seconds = 1e9;       ///< or until it is stopped
    int64_t truth_ahead_ns = 0; ///< of CLOCK_REALTIME
};

// Each prints JSON, and returns the exit code.

/// Prints every change of clock state and every step; at the end how far media time was from the truth.
int watch(const Arguments& arguments);
/// Plays a signal in which every frame says its own index, low 24 bits.
int mark(const Arguments& arguments);
/// Finds such frames among the inputs and says by how many frames they are later than they were played.
int find(const Arguments& arguments);

/// The sample that says `index`, and back. Exact in 24 bits: any error on the way makes it another index.
inline float sample_of(int64_t index) {
    return static_cast<float>((index & 0xFFFFFF) - 0x800000) / 8388608.0F;
}
inline int64_t index_in(float sample) {
    return static_cast<int64_t>(sample * 8388608.0F) + 0x800000;
}

} // namespace tutti::tools
