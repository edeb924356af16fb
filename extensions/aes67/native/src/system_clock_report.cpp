#include "system_clock_report.hpp"

#include "json_writer.hpp"
#include "kernel_clock.hpp"

namespace tutti::aes67 {

std::string system_clock_report(const SystemClockFacts& facts) {
    const auto kernel = read_kernel_clock();
    JsonWriter json;
    json.begin_object();
    if (kernel) {
        const bool is_tai = kernel->utc_offset_s > 0 && facts.timescale == Timescale::tai;
        json.name("dataset")
            .begin_object()
            .member("utcOffset", int64_t{kernel->utc_offset_s})
            .member("utcOffsetValid", kernel->knows_offset)
            .member("ptpTimescale", is_tai);
        if (kernel->leap)
            json.member("leap", *kernel->leap);
        json.end_object().name("ratePpm").value(kernel->rate_ppm, 4);
    }
    json.name("counters").begin_object().member("steps", facts.steps).end_object();
    json.member("lastStepNs", facts.last_step_ns).end_object();
    return json.text();
}

} // namespace tutti::aes67
