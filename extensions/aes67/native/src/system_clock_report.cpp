#include "system_clock_report.hpp"

#include <sys/timex.h>

#include "json_writer.hpp"

namespace tutti::aes67 {

std::string system_clock_report(const SystemClockFacts& facts) {
    timex kernel{}; // modes 0: only read
    const int state = adjtimex(&kernel);
    JsonWriter json;
    json.begin_object();
    if (state >= 0) {
        const bool knows_tai = kernel.tai > 0;
        json.name("dataset")
            .begin_object()
            .member("utcOffset", int64_t{kernel.tai})
            .member("utcOffsetValid", knows_tai)
            .member("ptpTimescale", knows_tai && facts.timescale == Timescale::tai)
            .member("leap", (kernel.status & STA_INS) != 0   ? 1
                            : (kernel.status & STA_DEL) != 0 ? -1
                                                             : 0)
            .end_object();
        // What whoever keeps the clock corrects the oscillator by (adjtimex(2): parts per million, 16 bits of
        // fraction).
        json.name("ratePpm").value(static_cast<double>(kernel.freq) / 65536, 4);
    }
    json.name("counters").begin_object().member("steps", facts.steps).end_object();
    json.member("lastStepNs", facts.last_step_ns).end_object();
    return json.text();
}

} // namespace tutti::aes67
