// The library's one exported symbol.
#include "tutti/plugin.h"

#include "codecs.hpp"
#include "free_run_clock.hpp"
#include "phc/phc_clock.hpp"
#include "ptp/ptp_source.hpp"
#include "system_clock.hpp"

extern "C" __attribute__((visibility("default"))) const tutti_plugin*
tutti_plugin_entry(const tutti_host* host) {
    using namespace tutti::aes67;
    const bool works =
        host && host->size >= sizeof(tutti_host) && host->abi >> 16 == TUTTI_ABI_MAJOR && host->log;
    if (!works)
        return nullptr;
    static const tutti_codec* const codecs[] = {&l16_codec(), &l24_codec()};
    static const tutti_clock_source* const clocks[] = {
        &system_clock_source(host), &ptp::ptp_clock_source(host), &phc::phc_clock_source(host),
        &free_run_clock_source()};
    static const tutti_plugin plugin = {.size = sizeof(tutti_plugin),
                                        .abi = TUTTI_ABI,
                                        .name = "aes67",
                                        .codec_count = 2,
                                        .codecs = codecs,
                                        .clock_count = 4,
                                        .clocks = clocks};
    return &plugin;
}
