// What every lossless codec behind tutti/codec.h must do, whatever library it comes from. No test framework
// needed: copy or include this header, hand it the codec's table, and print what it returns.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "tutti/codec.h"

namespace tutti::test {

// Memory between two inaccessible pages, touching one of them: a byte too far is a fault, in every build
// variant.
class GuardedBytes {
  public:
    enum class Touching { first_page, last_page };

    GuardedBytes(size_t bytes, Touching side) : page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
        const size_t inside = (bytes + page_ - 1) / page_ * page_;
        mapped_ = inside + 2 * page_;
        void* memory = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            throw std::runtime_error("no memory for guarded bytes");
        base_ = static_cast<uint8_t*>(memory);
        if (mprotect(base_ + page_, inside, PROT_READ | PROT_WRITE) != 0)
            throw std::runtime_error("mprotect failed");
        start_ = base_ + page_ + (side == Touching::last_page ? inside - bytes : 0);
    }
    ~GuardedBytes() { munmap(base_, mapped_); }
    GuardedBytes(const GuardedBytes&) = delete;
    GuardedBytes& operator=(const GuardedBytes&) = delete;

    uint8_t* bytes() { return start_; }
    float* floats() { return reinterpret_cast<float*>(start_); }

  private:
    size_t page_;
    size_t mapped_;
    uint8_t* base_;
    uint8_t* start_;
};

// A block as the contract describes it, ending with its last sample on both sides.
struct BlockShape {
    uint32_t channels;
    uint32_t frames;
    size_t wire_stride;   // bytes
    size_t sample_stride; // floats

    size_t wire_bytes(size_t sample_bytes) const {
        return (frames - 1) * wire_stride + channels * sample_bytes;
    }
    size_t floats() const { return (frames - 1) * sample_stride + channels; }
    std::string text() const {
        return std::to_string(channels) + " channels, " + std::to_string(frames) + " frames, wire stride " +
               std::to_string(wire_stride) + ", sample stride " + std::to_string(sample_stride);
    }

    // Gaps between frames are as often there as not, on either side.
    template <class Random>
    static BlockShape any(Random& random, size_t sample_bytes, uint32_t most_channels = 70) {
        const auto below = [&](uint32_t bound) { return static_cast<uint32_t>(random() % bound); };
        const uint32_t channels = 1 + below(most_channels);
        const size_t wire_gap = below(2) ? 0 : below(3) ? below(40) : below(9) * sample_bytes;
        const size_t sample_gap = below(2) ? 0 : below(3) ? below(130) : channels < 128 ? 128 - channels : 0;
        return {channels, 1 + below(20), channels * sample_bytes + wire_gap, channels + sample_gap};
    }
};

// Decodes and encodes random blocks that touch inaccessible memory. Returns what was broken, "" if nothing
// was.
inline std::string broken_codec_promise(const tutti_codec& codec, int blocks = 2000, uint32_t seed = 1) {
    std::mt19937 random(seed);
    const size_t sample_bytes = codec.bytes_per_sample;
    const uint8_t canary = 0xA5;
    float canary_sample;
    std::memset(&canary_sample, canary, sizeof canary_sample);
    for (int i = 0; i < blocks; ++i) {
        const BlockShape shape = BlockShape::any(random, sample_bytes);
        const auto side = i % 2 ? GuardedBytes::Touching::last_page : GuardedBytes::Touching::first_page;
        const size_t bytes = shape.wire_bytes(sample_bytes);
        GuardedBytes wire(bytes, side), wire_again(bytes, side),
            samples(shape.floats() * sizeof(float), side);
        for (size_t b = 0; b < bytes; ++b)
            wire.bytes()[b] = static_cast<uint8_t>(random());
        std::memset(samples.bytes(), canary, shape.floats() * sizeof(float));
        std::memset(wire_again.bytes(), canary, bytes);
        const std::vector<uint8_t> given(wire.bytes(), wire.bytes() + bytes);

        codec.decode(wire.bytes(), shape.wire_stride, samples.floats(), shape.sample_stride, shape.channels,
                     shape.frames);
        if (std::memcmp(given.data(), wire.bytes(), bytes) != 0)
            return "decode changed the wire: " + shape.text();
        for (size_t s = 0; s < shape.floats(); ++s) {
            const float sample = samples.floats()[s];
            if (s % shape.sample_stride >= shape.channels) {
                if (std::memcmp(&sample, &canary_sample, sizeof sample) != 0) {
                    return "decode wrote between frames: " + shape.text();
                }
            } else if (!(std::fabs(sample) <= 1.0F)) {
                return "decode left full scale: " + shape.text();
            }
        }

        codec.encode(samples.floats(), shape.sample_stride, wire_again.bytes(), shape.wire_stride,
                     shape.channels, shape.frames);
        for (size_t b = 0; b < bytes; ++b) {
            const bool inside = b % shape.wire_stride < shape.channels * sample_bytes;
            if (inside && wire_again.bytes()[b] != given[b])
                return "decode and encode lost bits: " + shape.text();
            if (!inside && wire_again.bytes()[b] != canary)
                return "encode wrote between frames: " + shape.text();
        }
    }
    return "";
}

} // namespace tutti::test
