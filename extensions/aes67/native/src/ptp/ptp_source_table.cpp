// The clock source "ptp" as the ABI has it.
#include <cstdio>
#include <exception>
#include <memory>

#include "json_writer.hpp"
#include "ptp/ptp_source.hpp"

namespace tutti::aes67::ptp {
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
            return refuse("The PTP clock was started without a function to publish to.");
        const Options parsed = parse_options(options ? options : "");
        if (!parsed.error.empty())
            return refuse(parsed.error.c_str());
        std::string failure;
        auto source = std::make_unique<PtpSource>(parsed, publish, context, reporting_host, failure);
        if (!failure.empty())
            return refuse(failure.c_str());
        return source.release();
    } catch (const std::exception& failure) {
        char sentence[256];
        std::snprintf(sentence, sizeof sentence, "The PTP clock could not start: %s.", failure.what());
        return refuse(sentence);
    }
}

void stop(void* handle) {
    delete static_cast<PtpSource*>(handle);
}

size_t report(void* handle, char* json, size_t bytes) {
    try {
        return hand_over(static_cast<const PtpSource*>(handle)->report(), json, bytes);
    } catch (const std::exception&) {
        return 0; // no memory: nothing to tell
    }
}

} // namespace

const tutti_clock_source& ptp_clock_source(const tutti_host* host) noexcept {
    static const tutti_clock_source source = {.size = sizeof(tutti_clock_source),
                                              .abi = TUTTI_ABI,
                                              .id = "ptp",
                                              .start = start,
                                              .stop = stop,
                                              .report = report};
    reporting_host = host;
    return source;
}

} // namespace tutti::aes67::ptp
