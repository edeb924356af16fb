// The library's one exported symbol, and the clock source "ptpv1" as the ABI sees it.
#include "tutti/plugin.h"

#include <memory>

#include "clock_kit.hpp"
#include "observer_source.hpp"

namespace tutti::dante_compat {
namespace {

const tutti_host* reporting_host = nullptr; // [control] only

void* start(const char* options, tutti_clock_publish_fn publish, void* context, char* error,
            size_t error_bytes) {
    const StartRefusal refuse(error, error_bytes);
    return start_source("PTPv1", publish, refuse, [&]() -> void* {
        const Options parsed = parse_options(options ? options : "");
        if (!parsed.error.empty())
            return refuse(parsed.error.c_str());
        std::string failure;
        auto source = std::make_unique<ObserverSource>(parsed, publish, context, reporting_host, failure);
        if (!failure.empty())
            return refuse(failure.c_str());
        return source.release();
    });
}

} // namespace

const tutti_clock_source& observer_clock_source(const tutti_host* host) noexcept {
    static const tutti_clock_source source = source_of<ObserverSource>("ptpv1", start);
    reporting_host = host;
    return source;
}

} // namespace tutti::dante_compat

extern "C" __attribute__((visibility("default"))) const tutti_plugin*
tutti_plugin_entry(const tutti_host* host) {
    const bool works =
        host && host->size >= sizeof(tutti_host) && host->abi >> 16 == TUTTI_ABI_MAJOR && host->log;
    if (!works)
        return nullptr;
    static const tutti_clock_source* const clocks[] = {&tutti::dante_compat::observer_clock_source(host)};
    static const tutti_plugin plugin = {.size = sizeof(tutti_plugin),
                                        .abi = TUTTI_ABI,
                                        .name = "dante-compat",
                                        .codec_count = 0,
                                        .codecs = nullptr,
                                        .clock_count = 1,
                                        .clocks = clocks};
    return &plugin;
}
