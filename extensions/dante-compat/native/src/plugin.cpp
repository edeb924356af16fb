// The library's one exported symbol, and the clock source "ptpv1" as the ABI sees it.
#include "tutti/plugin.h"

#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>

#include "observer_source.hpp"

namespace tutti::dante_compat {
namespace {

const tutti_host* reporting_host = nullptr; // [control] only

// The ABI's `start`. Nothing that is thrown leaves it.
void* start(const char* options, tutti_clock_publish_fn publish, void* context, char* error,
            size_t error_bytes) {
    const auto refuse = [&](const char* sentence) -> void* {
        if (error && error_bytes > 0)
            std::snprintf(error, error_bytes, "%s", sentence);
        return nullptr;
    };
    try {
        if (!publish)
            return refuse("The PTPv1 clock was started without a function to publish to.");
        const Options parsed = parse_options(options ? options : "");
        if (!parsed.error.empty())
            return refuse(parsed.error.c_str());
        std::string failure;
        auto source = std::make_unique<ObserverSource>(parsed, publish, context, reporting_host, failure);
        if (!failure.empty())
            return refuse(failure.c_str());
        return source.release();
    } catch (const std::exception& failure) {
        char sentence[256];
        std::snprintf(sentence, sizeof sentence, "The PTPv1 clock could not start: %s.", failure.what());
        return refuse(sentence);
    }
}

void stop(void* handle) {
    delete static_cast<ObserverSource*>(handle);
}

size_t report(void* handle, char* json, size_t bytes) {
    try {
        const std::string text = static_cast<const ObserverSource*>(handle)->report();
        if (text.size() < bytes)
            std::memcpy(json, text.c_str(), text.size() + 1);
        return text.size();
    } catch (const std::exception&) {
        return 0;
    }
}

} // namespace

const tutti_clock_source& observer_clock_source(const tutti_host* host) noexcept {
    static const tutti_clock_source source = {.size = sizeof(tutti_clock_source),
                                              .abi = TUTTI_ABI,
                                              .id = "ptpv1",
                                              .start = start,
                                              .stop = stop,
                                              .report = report};
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
