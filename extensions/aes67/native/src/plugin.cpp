// The library's one exported symbol.
#include "tutti/plugin.h"

#include "codecs.hpp"
#include "system_clock.hpp"

extern "C" __attribute__((visibility("default"))) const tutti_plugin*
tutti_plugin_entry(const tutti_host* host) {
    using namespace tutti::aes67;
    const bool works =
        host && host->size >= sizeof(tutti_host) && host->abi >> 16 == TUTTI_ABI_MAJOR && host->log;
    if (!works)
        return nullptr;
    static const tutti_codec* const codecs[] = {&l16_codec(), &l24_codec()};
    static const tutti_clock_source* const clocks[] = {&system_clock_source(host)};
    static const tutti_plugin plugin = {.size = sizeof(tutti_plugin),
                                        .abi = TUTTI_ABI,
                                        .name = "aes67",
                                        .codec_count = 2,
                                        .codecs = codecs,
                                        .clock_count = 1,
                                        .clocks = clocks};
    return &plugin;
}
