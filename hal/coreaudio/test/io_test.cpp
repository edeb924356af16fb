/// Samples through the driver: bit for bit, at every rate and buffer size, from several threads at once.
#include "audio_server.hpp"
#include "engine_stand_in.hpp"
#include "host_clock.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>
#include <thread>
#include <vector>

using namespace tutti::coreaudio::test;

namespace {

std::string stored(uint32_t rate, uint32_t channels) {
    return "{\"rate\":" + std::to_string(rate) + ",\"inputs\":" + std::to_string(channels) +
           ",\"outputs\":" + std::to_string(channels) + "}";
}

/// An engine and a server on frozen time, IO running.
class Session {
  public:
    explicit Session(uint32_t rate = 48000, uint32_t channels = 128) : rate_(rate), channels_(channels) {
        host_clock::freeze(start_ns);
        engine.set_line(start_ns, media_start_ns, 0);
        engine.make_region(rate, channels, channels);
        server.emplace(AudioServer::Storage{{"configuration", stored(rate, channels)}});
        REQUIRE(server->wait_for_notice(AudioServer::device, AudioServer::status));
        REQUIRE_EQ(server->start(), 0);
        pass(20 * ms);
    }
    ~Session() {
        server.reset();
        host_clock::run();
    }
    void pass(int64_t ns) {
        host_clock::advance(ns);
        engine.publish(host_clock::now_ns());
        anchor_ = server->stamp();
    }
    /// The device's sample time now.
    [[nodiscard]] double now() const {
        const auto since = static_cast<double>(host_clock::now_ns() - host_clock::to_ns(anchor_.host_ticks));
        return std::floor(anchor_.sample_time + since * rate_ / 1e9);
    }
    /// From device samples to indices: found by reading a frame that the test knows.
    int64_t find_offset() {
        const int64_t index = engine.index_at(host_clock::now_ns());
        engine.fill_inputs(index - 512, index);
        std::vector<float> frame(channels_);
        const double at = now() - 256;
        REQUIRE_EQ(server->read(at, 1, frame.data()), 0);
        for (int64_t n = index - 512; n < index; ++n) {
            if (frame[0] == test_sample(n, 0))
                return n - static_cast<int64_t>(at);
        }
        FAIL("what was read is not in the ring");
        return 0;
    }

    /// One cycle as the HAL does it: input ends before now - safety, output begins after now + safety.
    std::size_t wrong_samples(uint32_t frames, int64_t offset) {
        pass(frames * second / rate_);
        std::vector<float> buffer(frames * channels_);
        std::size_t wrong = 0;
        const int64_t index = engine.index_at(host_clock::now_ns());
        engine.fill_inputs(index - frames - 1000, index);
        const double safety = rate_ / 500;
        const double from = now() - safety - frames;
        REQUIRE_EQ(server->read(from, frames, buffer.data()), 0);
        const int64_t read_from = static_cast<int64_t>(from) + offset;
        for (uint32_t i = 0; i < frames; ++i) {
            for (uint32_t c = 0; c < channels_; ++c)
                wrong += buffer[i * channels_ + c] != test_sample(read_from + i, c);
        }
        const double to = now() + safety;
        const int64_t written_to = static_cast<int64_t>(to) + offset;
        for (uint32_t i = 0; i < frames; ++i) {
            for (uint32_t c = 0; c < channels_; ++c)
                buffer[i * channels_ + c] = test_sample(written_to + i, c + channels_);
        }
        REQUIRE_EQ(server->write(to, frames, buffer.data()), 0);
        for (uint32_t i = 0; i < frames; ++i) {
            const float* frame = engine.output(written_to + i);
            for (uint32_t c = 0; c < channels_; ++c)
                wrong += frame[c] != test_sample(written_to + i, c + channels_);
        }
        return wrong;
    }
    /// The engine makes another region; returns when the driver has it.
    void replace_region(uint32_t rate, uint32_t channels) {
        rate_ = rate;
        server->forget_notices();
        // The name is announced after the region was taken.
        engine.change([](tutti_link_device& device) { ++device.name[0]; });
        engine.make_region(rate, channels, channels);
        REQUIRE(server->wait_for_notice(AudioServer::device, kAudioObjectPropertyName));
        pass(20 * ms);
    }

    EngineStandIn engine;
    std::optional<AudioServer> server;

  private:
    uint32_t rate_;
    uint32_t channels_;
    Stamp anchor_;
};

} // namespace

TEST_CASE("128 x 128 channels pass bit for bit at every rate, with buffers of 15 to 4096 frames that vary") {
    for (const uint32_t rate : {44100u, 48000u, 88200u, 96000u, 176400u, 192000u, 352800u, 384000u}) {
        CAPTURE(rate);
        Session session(rate);
        const int64_t offset = session.find_offset();
        std::size_t wrong = 0;
        for (const uint32_t frames : {15u, 64u, 512u, 4096u, 17u, 480u, 1023u, 2048u, 16u, 4095u})
            wrong += session.wrong_samples(frames, offset);
        CHECK_EQ(wrong, 0);
    }
}

TEST_CASE("a rate that is changed while clients run: a new seed, silence, then bit for bit at the new rate") {
    Session session(48000, 16);
    REQUIRE_EQ(session.server->start(2), 0);
    const int64_t offset = session.find_offset();
    const uint64_t seed = session.server->stamp().seed;
    for (int i = 0; i < 30; ++i) // the first two seconds are quiet
        session.pass(100 * ms);
    REQUIRE_EQ(session.server->set_rate(96000), 0);
    REQUIRE(session.server->wait_for_request());
    CHECK_EQ(session.wrong_samples(512, offset), 0); // until the HAL stops IO
    CHECK_EQ(session.server->stamp().seed, seed);
    // As the HAL does it: every client is stopped, the change performed, and every client started again.
    for (const UInt32 client : {1u, 2u})
        REQUIRE_EQ(session.server->stop(client), 0);
    session.server->perform();
    for (const UInt32 client : {1u, 2u})
        REQUIRE_EQ(session.server->start(client), 0);
    CHECK_NE(session.server->stamp().seed, seed);
    CHECK_EQ(session.server->stamp().sample_time, 0);
    std::vector<float> buffer(64 * 16, 1.0F); // the engine has not followed yet
    REQUIRE_EQ(session.server->read(0, 64, buffer.data()), 0);
    CHECK((buffer == std::vector<float>(64 * 16)));
    session.replace_region(96000, 16);
    const int64_t new_offset = session.find_offset();
    for (const uint32_t frames : {512u, 64u, 1023u})
        CHECK_EQ(session.wrong_samples(frames, new_offset), 0);
    CHECK_EQ(session.server->requests(), 1);
}

TEST_CASE("reading is not destructive: a second client reads the same") {
    Session session;
    const int64_t offset = session.find_offset();
    std::vector<float> first(512 * 128);
    std::vector<float> second_time(512 * 128);
    const int64_t now = session.engine.index_at(host_clock::now_ns());
    session.engine.fill_inputs(now - 2000, now);
    REQUIRE_EQ(session.server->start(2), 0);
    session.server->read(session.now() - 1000, 512, first.data(), 1);
    session.server->read(session.now() - 1000, 512, second_time.data(), 2);
    CHECK_EQ(first[0], test_sample(static_cast<int64_t>(session.now()) - 1000 + offset, 0));
    CHECK((first == second_time));
}

TEST_CASE("an engine that does not run any more gives silence and takes nothing") {
    Session session;
    const int64_t offset = session.find_offset();
    host_clock::advance(1100 * ms); // without a heartbeat
    const int64_t now = session.engine.index_at(host_clock::now_ns());
    session.engine.fill_inputs(now - 4000, now);
    std::vector<float> buffer(256 * 128, 1.0F);
    const double at = session.now();
    session.server->read(at - 1000, 256, buffer.data());
    CHECK((buffer == std::vector<float>(256 * 128)));
    std::vector<float> loud(256 * 128, 0.5F);
    session.server->write(at + 200, 256, loud.data());
    CHECK_EQ(session.engine.output(static_cast<int64_t>(at) + 200 + offset)[0], 0);
    const std::string status = session.server->text(AudioServer::device, AudioServer::status);
    CHECK_NE(status.find("\"outputDropped\":256"), std::string::npos);
}

TEST_CASE("a device with other numbers of channels than the region gets those that both have, and silence") {
    Session session(48000, 8);
    const int64_t offset = session.find_offset();
    session.replace_region(48000, 4); // the HAL has not stopped IO for the change yet
    const int64_t now = session.engine.index_at(host_clock::now_ns());
    session.engine.fill_inputs(now - 2000, now);
    std::vector<float> frame(8, 9.0F);
    const double at = session.now() - 500;
    session.server->read(at, 1, frame.data());
    for (uint32_t c = 0; c < 4; ++c)
        CHECK_EQ(frame[c], test_sample(static_cast<int64_t>(at) + offset, c));
    for (uint32_t c = 4; c < 8; ++c)
        CHECK_EQ(frame[c], 0);
    std::vector<float> loud(8, 0.5F);
    session.server->write(session.now() + 200, 1, loud.data());
    CHECK_EQ(session.engine.output(static_cast<int64_t>(session.now()) + 200 + offset)[3], 0.5F);
    CHECK_EQ(session.engine.output(static_cast<int64_t>(session.now()) + 201 + offset)[0], 0);
}

TEST_CASE("what a hostile region says harms nobody: silence or samples, nothing else") {
    Session session(48000, 2);
    tutti_region_header& header = session.engine.header();
    std::vector<float> buffer(4096 * 2);
    const auto try_io = [&] {
        host_clock::advance(20 * ms);
        session.server->stamp();
        session.server->read(session.now() - 4200, 4096, buffer.data());
        session.server->write(session.now() + 100, 4096, buffer.data());
    };
    const int64_t extremes[] = {0, 1, -1, INT64_MAX, INT64_MIN, INT64_MAX / 2, INT64_MIN / 2, 1'000'000'000};
    for (const int64_t value : extremes) {
        for (const int64_t other : extremes) {
            session.engine.publish(host_clock::now_ns());
            header.input_horizon = value;
            header.output_floor = other;
            try_io();
            session.engine.publish(host_clock::now_ns());
            header.clock.local_ns = value;
            header.clock.media_ns = other;
            try_io();
            header.heartbeat = static_cast<uint64_t>(value);
            try_io();
        }
    }
    for (const double deviation : {1.0, -1.0, 1e300, std::nan(""), static_cast<double>(INFINITY)}) {
        session.engine.publish(host_clock::now_ns());
        header.clock.rate_deviation = deviation;
        try_io();
    }
    for (const uint32_t value : {0u, 1u, 0xFFFFFFFFu}) {
        session.engine.publish(host_clock::now_ns());
        header.clock.sequence = value; // odd: as an engine that died while it wrote
        header.inputs = value;
        header.outputs = value;
        header.ring_frames = value;
        header.rate = value;
        try_io();
    }
}

TEST_CASE(
    "several clients read, write and ask for the time while properties are stormed and regions replaced") {
    host_clock::run();
    EngineStandIn engine;
    const int64_t now = host_clock::now_ns();
    engine.set_line(now, media_start_ns, 20e-6);
    engine.make_region(48000, 16, 16);
    AudioServer server(AudioServer::Storage{{"configuration", stored(48000, 16)}});
    REQUIRE(server.wait_for_notice(AudioServer::device, AudioServer::status));
    std::atomic<bool> done{false};
    std::atomic<uint64_t> cycles{0};
    std::vector<std::thread> threads;
    for (UInt32 client = 1; client <= 3; ++client) {
        threads.emplace_back([&, client] {
            server.start(client);
            std::vector<float> buffer(512 * 16);
            while (!done) {
                const Stamp stamp = server.stamp(client);
                server.read(stamp.sample_time - 1000, 512, buffer.data(), client);
                // The HAL mixes what its clients play before it writes: no two write the same frames.
                server.write(stamp.sample_time + 20000 + client * 512, 512, buffer.data(), client);
                ++cycles;
            }
            server.stop(client);
        });
    }
    threads.emplace_back([&] {
        while (!done) {
            for (UInt32 element = 1; element <= 16; ++element) {
                const AudioObjectPropertyAddress address{kAudioObjectPropertyElementName,
                                                         kAudioObjectPropertyScopeInput, element};
                CFStringRef text = nullptr;
                UInt32 bytes = 0;
                if (server.table().GetPropertyData(server.reference(), 2, 0, &address, 0, nullptr,
                                                   sizeof(text), &bytes, &text) == 0)
                    CFRelease(text);
            }
        }
    });
    for (int round = 0; round < 40; ++round) {
        engine.change([round](tutti_link_device& device) {
            std::snprintf(device.input_names[round % 16], TUTTI_LINK_NAME_BYTES, "name %d", round);
        });
        if (round % 8 == 7) {
            engine.die();
            engine.come_back();
        }
        if (round % 2 == 0)
            engine.make_region(48000, 16, 16);
        else
            engine.describe();
        engine.publish(host_clock::now_ns());
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    done = true;
    for (std::thread& thread : threads)
        thread.join();
    CHECK_GT(cycles, 100);
    CHECK_EQ(server.number(AudioServer::device, kAudioDevicePropertyDeviceIsRunning), 0);
}
