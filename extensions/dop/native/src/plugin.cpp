// The library's one exported symbol: codecs DOP (passes DoP on, and converts where bits cannot stay as they
// are) and DOP-PCM (always converts). On the wire both are L24.
#include "tutti/codec.h"

#include "codec_kernels.hpp"
#include "dop_stage.hpp"

namespace {

tutti_codec codec(const char* encoding, const tutti_stage& stage) noexcept {
    const tutti::aes67::CodecKernels& kernels = *tutti::aes67::usable_kernels().front();
    return {.size = sizeof(tutti_codec),
            .abi = TUTTI_ABI,
            .encoding = encoding,
            .bytes_per_sample = 3,
            .decode = kernels.decode_l24,
            .encode = kernels.encode_l24,
            .probe = nullptr, // the stage tells at any time, not from the first packets alone
            .stage = &stage};
}

} // namespace

extern "C" __attribute__((visibility("default"))) const tutti_plugin*
tutti_plugin_entry(const tutti_host* host) {
    if (!host || host->size < sizeof(tutti_host) || host->abi >> 16 != TUTTI_ABI_MAJOR)
        return nullptr;
    static const tutti_codec dop = codec("DOP", tutti::dop::automatic_stage());
    static const tutti_codec dop_pcm = codec("DOP-PCM", tutti::dop::converting_stage());
    static const tutti_codec* const codecs[] = {&dop, &dop_pcm};
    static const tutti_plugin plugin = {.size = sizeof(tutti_plugin),
                                        .abi = TUTTI_ABI,
                                        .name = "dop",
                                        .codec_count = 2,
                                        .codecs = codecs,
                                        .clock_count = 0,
                                        .clocks = nullptr};
    return &plugin;
}
