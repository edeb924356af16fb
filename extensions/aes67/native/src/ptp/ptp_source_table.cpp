// The clock source "ptp" as the ABI has it.
#include <memory>

#include "clock_source.hpp"
#include "ptp/ptp_source.hpp"

namespace tutti::aes67::ptp {
namespace {

const tutti_host* reporting_host = nullptr; // [control] only

void* start(const char* options, tutti_clock_publish_fn publish, void* context, char* error,
            size_t error_bytes) {
    const StartRefusal refuse(error, error_bytes);
    return start_source("PTP", publish, refuse, [&]() -> void* {
        const Options parsed = parse_options(options ? options : "");
        if (!parsed.error.empty())
            return refuse(parsed.error.c_str());
        std::string failure;
        auto source = std::make_unique<PtpSource>(parsed, publish, context, reporting_host, failure);
        if (!failure.empty())
            return refuse(failure.c_str());
        return source.release();
    });
}

} // namespace

const tutti_clock_source& ptp_clock_source(const tutti_host* host) noexcept {
    static const tutti_clock_source source = source_of<PtpSource>("ptp", start);
    reporting_host = host;
    return source;
}

} // namespace tutti::aes67::ptp
