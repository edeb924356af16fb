/// audio_server: the stand-in for coreaudiod as a program, for tests against a running engine (the one at
/// TUTTI_DEVICE_SOCKET) and for the benchmark.
///
///     audio_server run --rate HZ [--seconds S] [--first N] [--channels N] [--play] [--record]
///         One application with the device at this rate: device inputs to standard output (--record),
///         standard input to device outputs (--play), raw float32. Ends after --seconds, or when what it
///         plays has ended and was heard. The driver's status goes to standard error at the end.
///     audio_server bench [--seconds S]
///         CPU time of the driver's IO beside memcpy of the same bytes, as JSON, one line for each rate.
#include "io_bench.hpp"
#include "session.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

using namespace tutti::coreaudio::test;

namespace {

[[noreturn]] void usage() {
    std::fprintf(stderr,
                 "usage: audio_server run --rate HZ [--seconds S] [--first N] [--channels N] [--play] "
                 "[--record] | bench [--seconds S]\n");
    std::exit(2);
}

Session::Options read_options(int argc, char** argv) {
    Session::Options options;
    for (int i = 2; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--play") {
            options.plays = true;
            continue;
        }
        if (name == "--record") {
            options.records = true;
            continue;
        }
        if (i + 1 >= argc)
            usage();
        const char* value = argv[++i];
        if (name == "--rate")
            options.rate = std::atof(value);
        else if (name == "--seconds")
            options.seconds = std::atof(value);
        else if (name == "--first")
            options.first = static_cast<uint32_t>(std::atoi(value)) - 1;
        else if (name == "--channels")
            options.channels = static_cast<uint32_t>(std::atoi(value));
        else
            usage();
    }
    if (options.channels < 1 || options.first > 127 || options.first + options.channels > 128)
        usage();
    return options;
}

} // namespace

int main(int argc, char** argv) {
    const std::string verb = argc > 1 ? argv[1] : "";
    const Session::Options options = read_options(argc, argv);
    try {
        if (verb == "run" && options.rate > 0) {
            Session session(options);
            session.run();
            std::fprintf(stderr, "%s\n", session.status().c_str());
        } else if (verb == "bench") {
            for (const uint32_t rate : {48000u, 384000u}) {
                const IoCost cost = measure_io(rate, options.seconds);
                std::printf("{\"rate\":%u,\"channels\":%u,\"frames\":%u,\"driver\":%.6f,\"memcpy\":%.6f}\n",
                            rate, cost.channels, cost.frames, cost.driver, cost.copy);
            }
        } else {
            usage();
        }
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "audio_server: %s\n", problem.what());
        return 1;
    }
    return 0;
}
