/// audio_server: the stand-in for coreaudiod as a program. An application's samples go through the driver to
/// a running engine (TUTTI_DEVICE_SOCKET), raw float32 on standard input or output; or the driver's work is
/// measured.
///
///     audio_server read  --first N --channels N --seconds N     device inputs to standard output
///     audio_server write --first N --channels N                 standard input to device outputs, to its end
///     audio_server bench                                        CPU of the driver's IO beside memcpy, as
///     JSON
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "../audio_server.hpp"
#include "../engine_stand_in.hpp"
#include "../host_clock.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace tutti::coreaudio::test;

namespace {

constexpr UInt32 frames = 512;
constexpr UInt32 status_property = 0x74737461; // 'tsta'

struct Options {
    uint32_t first = 1;
    uint32_t channels = 128;
    double seconds = 1;
};

/// A client of the device on the machine's clock, which lets the driver change its configuration.
class Client {
  public:
    Client() {
        if (!server_.wait_for_notice(AudioServer::device, status_property))
            throw std::string("no engine answers at TUTTI_DEVICE_SOCKET");
        server_.start();
        // The driver asks for the engine's rate and channels after two seconds, if they are others.
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(2600);
        while (std::chrono::steady_clock::now() < until) {
            if (!server_.wait_for_request(50))
                continue;
            server_.stop();
            server_.perform();
            server_.start();
        }
        rate_ = server_.rate();
    }
    ~Client() { server_.stop(); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] double now() const {
        const Stamp stamp = server_.stamp();
        const auto since = static_cast<double>(host_clock::now_ns() - host_clock::to_ns(stamp.host_ticks));
        return std::floor(stamp.sample_time + since * rate_ / 1e9);
    }
    [[nodiscard]] double rate() const { return rate_; }
    [[nodiscard]] uint32_t device_channels(AudioObjectID stream) const {
        return server_.format(stream).mChannelsPerFrame;
    }
    [[nodiscard]] double safety() const {
        return server_.number(AudioServer::device, kAudioDevicePropertySafetyOffset,
                              kAudioObjectPropertyScopeInput);
    }
    [[nodiscard]] const AudioServer& server() const { return server_; }

  private:
    mutable AudioServer server_;
    double rate_ = 0;
};

void nap() {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

void read_device(const Options& options) {
    const Client client;
    const uint32_t width = client.device_channels(AudioServer::input);
    std::vector<float> buffer(frames * width);
    std::vector<float> chosen(frames * options.channels);
    double next = client.now() - frames - client.safety();
    for (const double end = next + options.seconds * client.rate(); next < end; next += frames) {
        while (client.now() - client.safety() < next + frames)
            nap();
        client.server().read(next, frames, buffer.data());
        for (uint32_t i = 0; i < frames; ++i) {
            std::copy_n(&buffer[i * width + options.first - 1], options.channels,
                        &chosen[i * options.channels]);
        }
        std::fwrite(chosen.data(), sizeof(float), chosen.size(), stdout);
    }
}

void write_device(const Options& options) {
    const Client client;
    const uint32_t width = client.device_channels(AudioServer::output);
    std::vector<float> buffer(frames * width);
    std::vector<float> chosen(frames * options.channels);
    const double lead = client.rate() / 5; // a busy machine is not a Mac: well before it is due
    double next = client.now() + lead;
    while (true) {
        std::fill(chosen.begin(), chosen.end(), 0.0F);
        const std::size_t got = std::fread(chosen.data(), sizeof(float), chosen.size(), stdin);
        if (got == 0)
            break;
        while (client.now() + lead < next)
            nap();
        for (uint32_t i = 0; i < frames; ++i) {
            std::copy_n(&chosen[i * options.channels], options.channels,
                        &buffer[i * width + options.first - 1]);
        }
        client.server().write(next, frames, buffer.data());
        next += frames;
    }
    while (client.now() < next)
        nap();
}

double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// One rate: `seconds` of audio in both directions through the driver, and the same bytes by memcpy alone.
void bench(uint32_t rate) {
    constexpr uint32_t channels = 128;
    constexpr int seconds = 10;
    host_clock::freeze(1'000'000'000'000'000);
    EngineStandIn engine;
    engine.set_line(host_clock::now_ns(), 1'790'000'000'000'000'000, 0);
    engine.make_region(rate, channels, channels);
    AudioServer server(AudioServer::Storage{
        {"configuration", "{\"rate\":" + std::to_string(rate) + ",\"inputs\":128,\"outputs\":128}"}});
    if (!server.wait_for_notice(AudioServer::device, status_property))
        throw std::string("the driver did not connect");
    server.start();
    server.stamp();
    std::vector<float> buffer(frames * channels);
    const std::size_t bytes = buffer.size() * sizeof(float);
    const uint32_t ring = tutti_region_ring_frames(rate);
    const int cycles = static_cast<int>(rate / frames) * seconds;
    double driver = 0;
    double copy = 0;
    for (int i = 0; i < cycles; ++i) {
        host_clock::advance(static_cast<int64_t>(frames) * 1'000'000'000 / rate);
        engine.publish(host_clock::now_ns());
        const Stamp stamp = server.stamp();
        const auto since = static_cast<double>(host_clock::now_ns() - host_clock::to_ns(stamp.host_ticks));
        const double now = std::floor(stamp.sample_time + since * rate / 1e9);
        const double before = cpu_seconds();
        server.read(now - frames - rate / 500, frames, buffer.data());
        server.write(now + rate / 500, frames, buffer.data());
        const double between = cpu_seconds();
        // Elsewhere in the same rings: as far from the cache as what the driver touched.
        const int64_t place = (static_cast<int64_t>(i) * frames + ring / 2) % (ring - frames);
        std::memcpy(buffer.data(), engine.input(place), bytes);
        std::memcpy(engine.output(place), buffer.data(), bytes);
        driver += between - before;
        copy += cpu_seconds() - between;
    }
    std::printf("{\"rate\":%u,\"channels\":%u,\"frames\":%u,\"driver\":%.6f,\"memcpy\":%.6f}\n", rate,
                channels, frames, driver / seconds, copy / seconds);
    host_clock::run();
}

[[noreturn]] void usage() {
    std::fprintf(stderr, "usage: audio_server read|write [--first N] [--channels N] [--seconds N] | bench\n");
    std::exit(2);
}

} // namespace

int main(int argc, char** argv) {
    doctest::Context context;
    context.setAsDefaultForAssertsOutOfTestCases();
    context.setAssertHandler([](const doctest::AssertData& data) {
        if (!data.m_failed)
            return;
        std::fprintf(stderr, "audio_server: %s:%d: %s\n", data.m_file, data.m_line, data.m_expr);
        std::exit(1);
    });
    Options options;
    for (int i = 2; i + 1 < argc; i += 2) {
        const std::string name = argv[i];
        if (name == "--first")
            options.first = static_cast<uint32_t>(std::atoi(argv[i + 1]));
        else if (name == "--channels")
            options.channels = static_cast<uint32_t>(std::atoi(argv[i + 1]));
        else if (name == "--seconds")
            options.seconds = std::atof(argv[i + 1]);
        else
            usage();
    }
    const std::string verb = argc > 1 ? argv[1] : "";
    if (options.first < 1 || options.channels < 1 || options.first + options.channels > 129)
        usage();
    try {
        if (verb == "read") {
            read_device(options);
        } else if (verb == "write") {
            write_device(options);
        } else if (verb == "bench") {
            bench(48000);
            bench(384000);
        } else {
            usage();
        }
    } catch (const std::string& problem) {
        std::fprintf(stderr, "audio_server: %s\n", problem.c_str());
        return 1;
    }
    return 0;
}
