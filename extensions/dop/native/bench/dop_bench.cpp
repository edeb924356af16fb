// What a channel of DoP costs: `make bench`. Items are samples of one channel.
#include <benchmark/benchmark.h>

#include <vector>

#include "dop_stage.hpp"

using namespace tutti::dop;

namespace {

void run(benchmark::State& state, const tutti_stage* table, uint32_t first_marker) {
    constexpr uint32_t channels = 8;
    constexpr uint32_t frames = 48;
    const tutti_stage_format format{sizeof(tutti_stage_format), TUTTI_ABI, channels, 352'800, 0};
    char error[100];
    void* stage = table->start(&format, error, sizeof error);
    std::vector<float> given;
    for (uint32_t i = 0; i < frames * channels; ++i) {
        const uint32_t marker = first_marker == 0       ? 0x20
                                : i / channels % 2 == 0 ? first_marker
                                                        : first_marker ^ 0xFF;
        given.push_back(to_sample(marker << 16 | (i * 7919 & 0xFFFF)));
    }
    std::vector<float> block(given.size());
    for (auto _ : state) {
        block = given;
        table->run(stage, block.data(), channels, frames, 0);
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * channels * frames);
    table->stop(stage);
}

} // namespace

BENCHMARK_CAPTURE(run, pass_pcm, &automatic_stage(), 0);
BENCHMARK_CAPTURE(run, pass_dsd, &automatic_stage(), 0x05);
BENCHMARK_CAPTURE(run, convert_pcm, &converting_stage(), 0);
BENCHMARK_CAPTURE(run, convert_dsd, &converting_stage(), 0x05);
BENCHMARK_CAPTURE(run, convert_dsd_pairs, &converting_stage(), 0x06);
BENCHMARK_MAIN();
