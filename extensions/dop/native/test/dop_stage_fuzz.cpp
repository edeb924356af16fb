// Any stream, any blocks: the stage keeps its memory, its promise of finite samples, and its markers.
#include "dop_stage.hpp"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <vector>

using namespace tutti::dop;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

} // namespace

// First byte: channels, codec. Then blocks: a byte of length and kind, and 24-bit words for the frames that
// came; words beyond the input's end go on as good DoP, so that rows come about.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < 2)
        return 0;
    const uint32_t channels = 1 + (data[0] & 7);
    const bool converts = (data[0] & 8) != 0;
    const tutti_stage& table = converts ? converting_stage() : automatic_stage();
    const tutti_stage_format format{sizeof(tutti_stage_format), TUTTI_ABI, channels, 176'400, 0};
    char error[100];
    void* stage = table.start(&format, error, sizeof error);
    require(stage != nullptr);
    std::vector<float> block;
    uint32_t frame = 0;
    for (size_t at = 1; at < size;) {
        const uint8_t kind = data[at++];
        const uint32_t frames = kind & 63;
        const bool missing = (kind & 0xC0) == 0x40;
        const bool good = (kind & 0xC0) == 0x80;
        if ((kind & 0xC0) == 0xC0)
            table.reset(stage);
        block.assign(size_t{frames} * channels, 0);
        for (uint32_t f = 0; f < frames && !missing; ++f, ++frame) {
            for (uint32_t c = 0; c < channels; ++c) {
                uint32_t word = (frame % 2 == 0 ? 0x050000u : 0xFA0000u) | (frame * 7919 & 0xFFFF);
                if (!good && at + 3 <= size) {
                    word = uint32_t{data[at]} << 16 | uint32_t{data[at + 1]} << 8 | data[at + 2];
                    at += 3;
                }
                block[size_t{f} * channels + c] = to_sample(word);
            }
        }
        const uint32_t content = table.run(stage, block.data(), channels, frames, missing ? 1 : 0);
        require((content & ~7u) == 0 && !(converts && (content & TUTTI_CONTENT_WORDS) != 0));
        for (const float sample : block)
            require(std::isfinite(sample) && std::fabs(sample) < 4);
    }
    table.stop(stage);
    return 0;
}
