// Conversion of one packet's worth of samples beside memcpy of the same samples' floats in the same run.
//   make bench, or build/bench/codec_bench --benchmark_filter=8_in_128
// Each shape walks through a ring of half a second, as packets do, so that cache misses cost what they cost
// in the engine.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <vector>

#include "../src/codec_kernels.hpp"

using namespace tutti::aes67;

namespace {

struct Shape {
    const char* name;
    uint32_t channels;
    size_t sample_stride;
    uint32_t frames; // of a packet
    size_t ring_frames;
};

constexpr Shape shapes[] = {{"8_in_128", 8, 128, 48, 32'768},   {"64_in_128", 64, 128, 6, 32'768},
                            {"2_in_128", 2, 128, 48, 32'768},   {"1_in_128", 1, 128, 48, 32'768},
                            {"8_contiguous", 8, 8, 48, 48},     {"64_contiguous", 64, 64, 6, 6},
                            {"8_in_128_cached", 8, 128, 48, 48}};

// A packet and a ring; `next` gives the packet's place in the ring.
class Memory {
  public:
    explicit Memory(const Shape& shape)
        : ring(shape.ring_frames * shape.sample_stride, 0.25F),
          wire(size_t{shape.channels} * shape.frames * 4, 0x12), shape_(shape) {}

    float* next() {
        float* const place = ring.data() + frame_ * shape_.sample_stride;
        frame_ += shape_.frames;
        if (frame_ + shape_.frames > shape_.ring_frames)
            frame_ = 0;
        return place;
    }

    std::vector<float> ring;
    std::vector<uint8_t> wire;

  private:
    const Shape shape_;
    size_t frame_ = 0;
};

void report(benchmark::State& state, const Shape& shape) {
    benchmark::ClobberMemory();
    state.SetItemsProcessed(state.iterations() * shape.channels * shape.frames);
}

void decode(benchmark::State& state, Shape shape, DecodeBlock block, size_t sample_bytes) {
    Memory memory(shape);
    for (auto _ : state) {
        block(memory.wire.data(), shape.channels * sample_bytes, memory.next(), shape.sample_stride,
              shape.channels, shape.frames);
    }
    report(state, shape);
}

void encode(benchmark::State& state, Shape shape, EncodeBlock block, size_t sample_bytes) {
    Memory memory(shape);
    for (auto _ : state) {
        block(memory.next(), shape.sample_stride, memory.wire.data(), shape.channels * sample_bytes,
              shape.channels, shape.frames);
    }
    report(state, shape);
}

// One memcpy for each run of adjacent floats: what the best conversion could hope for.
void copy(benchmark::State& state, Shape shape, bool into_ring) {
    Memory memory(shape);
    const bool packed = shape.sample_stride == shape.channels;
    const size_t runs = packed ? 1 : shape.frames;
    const size_t run_bytes = sizeof(float) * shape.channels * (packed ? shape.frames : 1);
    for (auto _ : state) {
        auto* const ring = reinterpret_cast<uint8_t*>(memory.next());
        for (size_t run = 0; run < runs; ++run) {
            uint8_t* const strided = ring + run * shape.sample_stride * sizeof(float);
            uint8_t* const adjacent = memory.wire.data() + run * run_bytes;
            std::memcpy(into_ring ? strided : adjacent, into_ring ? adjacent : strided, run_bytes);
        }
    }
    report(state, shape);
}

} // namespace

int main(int argc, char** argv) {
    for (const Shape& shape : shapes) {
        const auto add = [&](const std::string& what, auto function, auto... arguments) {
            const std::string name = what + "/" + shape.name;
            benchmark::RegisterBenchmark(name.c_str(), function, shape, arguments...);
        };
        add("memcpy_to_ring", copy, true);
        for (const CodecKernels* kernels : usable_kernels()) {
            add(std::string("decode_L16/") + kernels->name, decode, kernels->decode_l16, size_t{2});
            add(std::string("decode_L24/") + kernels->name, decode, kernels->decode_l24, size_t{3});
        }
        add("memcpy_from_ring", copy, false);
        for (const CodecKernels* kernels : usable_kernels()) {
            add(std::string("encode_L16/") + kernels->name, encode, kernels->encode_l16, size_t{2});
            add(std::string("encode_L24/") + kernels->name, encode, kernels->encode_l24, size_t{3});
        }
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
