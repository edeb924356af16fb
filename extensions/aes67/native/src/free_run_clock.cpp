#include "free_run_clock.hpp"

#include "clock_source.hpp"
#include "kernel_clock.hpp"
#include "option_reader.hpp"

namespace tutti::aes67 {
namespace {

// Nothing is left to do after the first relation: it holds for ever.
int running;

bool is_empty_object(std::string_view json) {
    OptionReader reader(json);
    return reader.at_end() || (reader.take('{') && reader.take('}') && reader.at_end());
}

void* start(const char* options, tutti_clock_publish_fn publish, void* context, char* error,
            size_t error_bytes) {
    const StartRefusal refuse(error, error_bytes);
    return start_source("free-running", publish, refuse, [&]() -> void* {
        if (options && !is_empty_object(options))
            return refuse("The free-running clock has no options.");
        const ClockPair now = read_tai_pair();
        tutti_clock_relation relation{};
        relation.size = sizeof relation;
        relation.abi = TUTTI_ABI;
        relation.state = tutti_clock_free_run;
        relation.local_ns = now.local_ns;
        relation.media_ns = now.wall_ns;
        relation.error_ns = 0; // it is right by definition
        relation.generation = 1;
        publish(context, &relation);
        return &running;
    });
}

void stop(void*) {}

} // namespace

const tutti_clock_source& free_run_clock_source() noexcept {
    static const tutti_clock_source source = {.size = sizeof(tutti_clock_source),
                                              .abi = TUTTI_ABI,
                                              .id = "free-run",
                                              .start = start,
                                              .stop = stop,
                                              .report = nullptr};
    return source;
}

} // namespace tutti::aes67
