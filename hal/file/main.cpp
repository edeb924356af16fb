/// tutti-file: plays WAV, RF64, DSF and DSDIFF files and records WAV and RF64 ones against the timeline of a
/// device region.
#include "player.hpp"
#include "recorder.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

using namespace tutti::hal;

namespace {

constexpr const char* usage =
    "usage: tutti-file play   --region PATH [--first N] [--at INDEX|now] [--loop] FILE\n"
    "       tutti-file record --region PATH [--first N] --channels C [--frames F] [--at INDEX|now]\n"
    "                         [--format s16|s24|s32|f32] [--rf64] FILE.wav\n"
    "Plays WAV, RF64, and DSD (DSF, DSDIFF) as DoP. Channels count from 1. The first index goes to standard "
    "error, a report (JSON) to standard output.\n"
    "Exit: 0 done, 1 failed, 2 usage, 4 no region, 5 channel in use, 6 frames late or missing\n";

std::atomic<bool> stop{false};

[[noreturn]] void fail(const std::string& message) {
    std::fprintf(stderr, "tutti-file: %s\n%s", message.c_str(), usage);
    std::exit(static_cast<int>(Outcome::usage));
}

int64_t number(const char* name, const char* text, int64_t low, int64_t high) {
    char* end = nullptr;
    errno = 0;
    const long long value = std::strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < low || value > high) {
        fail(std::string(name) + " must be a number from " + std::to_string(low) + " to " +
             std::to_string(high));
    }
    return value;
}

SampleFormat sample_format(const std::string& name) {
    if (name == "s16")
        return SampleFormat::s16;
    if (name == "s24")
        return SampleFormat::s24_packed;
    if (name == "s32")
        return SampleFormat::s32;
    if (name == "f32")
        return SampleFormat::f32;
    fail("--format must be s16, s24, s32 or f32");
}

struct Arguments {
    TransportOptions transport;
    RecordOptions record;
    bool records = false;
    bool loop = false;
};

Arguments read_arguments(int argc, char** argv) {
    Arguments result;
    const std::string verb = argc > 1 ? argv[1] : "";
    if (verb != "play" && verb != "record")
        fail("play or record?");
    result.records = verb == "record";
    bool has_channels = false;
    for (int i = 2; i < argc; ++i) {
        const std::string name = argv[i];
        const auto value = [&]() -> const char* {
            if (i + 1 >= argc)
                fail(name + " needs a value");
            return argv[++i];
        };
        if (name == "--region") {
            result.transport.region = value();
        } else if (name == "--first") {
            const auto first = number("--first", value(), 1, TUTTI_REGION_MAX_CHANNELS);
            result.transport.first = static_cast<uint32_t>(first) - 1;
        } else if (name == "--at") {
            const char* text = value();
            if (std::strcmp(text, "now") != 0)
                result.transport.at = number("--at", text, 0, INT64_MAX / 4);
        } else if (name == "--loop" && !result.records) {
            result.loop = true;
        } else if (name == "--channels" && result.records) {
            const auto channels = number("--channels", value(), 1, TUTTI_REGION_MAX_CHANNELS);
            result.record.channels = static_cast<uint32_t>(channels);
            has_channels = true;
        } else if (name == "--frames" && result.records) {
            result.record.frames = number("--frames", value(), 1, INT64_MAX / 4);
        } else if (name == "--format" && result.records) {
            result.record.samples = sample_format(value());
        } else if (name == "--rf64" && result.records) {
            result.record.always_rf64 = true;
        } else if (name.rfind("--", 0) == 0 || !result.transport.file.empty()) {
            fail("unknown argument " + name);
        } else {
            result.transport.file = name;
        }
    }
    if (result.transport.region.empty())
        fail("--region is missing");
    if (result.transport.file.empty())
        fail("which file?");
    if (result.records && !has_channels)
        fail("--channels is missing");
    return result;
}

} // namespace

int main(int argc, char** argv) {
    Arguments arguments = read_arguments(argc, argv);
    arguments.transport.stop = &stop;
    struct sigaction action {};
    action.sa_handler = [](int) { stop = true; };
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);

    const auto on_start = [](int64_t index) {
        std::fprintf(stderr, "start %lld\n", static_cast<long long>(index));
    };
    const TransportReport report = arguments.records
                                       ? record_file(arguments.transport, arguments.record, on_start)
                                       : play_file(arguments.transport, arguments.loop, on_start);
    if (!report.problem.empty())
        std::fprintf(stderr, "tutti-file: %s\n", report.problem.c_str());
    std::puts(report.to_json().c_str());
    return static_cast<int>(report.outcome);
}
