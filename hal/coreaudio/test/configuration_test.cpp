/// Changes of rate, channels and latencies: asked for, performed while IO is stopped, remembered.
#include "audio_server.hpp"
#include "core_foundation.hpp"
#include "engine_stand_in.hpp"
#include "host_clock.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstring>
#include <limits>
#include <thread>

using namespace tutti::coreaudio::test;

namespace {

void let_link_tick() {
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
}

UInt32 input_latency(const AudioServer& server) {
    return server.number(AudioServer::device, kAudioDevicePropertyLatency, kAudioObjectPropertyScopeInput);
}
UInt32 output_latency(const AudioServer& server) {
    return server.number(AudioServer::device, kAudioDevicePropertyLatency, kAudioObjectPropertyScopeOutput);
}

} // namespace

TEST_CASE("a rate that somebody chooses is asked for, performed, stored, and told to the engine") {
    const Frozen frozen;
    EngineStandIn engine;
    engine.make_region();
    AudioServer server;
    REQUIRE(engine.wait_for_hello());
    REQUIRE(server.wait_for_notice(AudioServer::device, AudioServer::status));
    host_clock::advance(3 * second);
    const Stamp before = server.stamp();
    REQUIRE_EQ(server.set_rate(96000), 0);
    CHECK_EQ(server.rate(), 48000); // not before the HAL says so
    REQUIRE(server.wait_for_request());
    server.perform();
    CHECK_EQ(server.rate(), 96000);
    CHECK_EQ(server.format(AudioServer::input).mSampleRate, 96000);
    CHECK_EQ(
        server.number(AudioServer::device, kAudioDevicePropertySafetyOffset, kAudioObjectPropertyScopeInput),
        192);
    CHECK_EQ(server.storage().at("configuration"), "{\"rate\":96000,\"inputs\":128,\"outputs\":128,"
                                                   "\"inputLatency\":0,\"outputLatency\":0}");
    CHECK_NE(server.stamp().seed, before.seed);
    for (int i = 0; i < 100 && engine.wanted_rate() == 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK_EQ(engine.wanted_rate(), 96000);

    engine.make_region(96000); // the engine follows
    let_link_tick();
    CHECK_EQ(server.requests(), 1);
    CHECK_EQ(server.rate(), 96000);
}

TEST_CASE("an engine that does not follow within five seconds has the last word") {
    const Frozen frozen;
    EngineStandIn engine;
    engine.make_region();
    AudioServer server;
    REQUIRE(server.wait_for_notice(AudioServer::device, AudioServer::status));
    host_clock::advance(3 * second);
    REQUIRE_EQ(server.set_rate(192000), 0);
    REQUIRE(server.wait_for_request());
    server.perform();
    let_link_tick();
    CHECK_EQ(server.requests(), 1);
    host_clock::advance(6 * second);
    REQUIRE(server.wait_for_request());
    server.perform();
    CHECK_EQ(server.rate(), 48000);
}

TEST_CASE("the engine's rate and numbers of channels become the device's, but not in its first two seconds") {
    const Frozen frozen;
    EngineStandIn engine;
    engine.make_region(44100, 8, 0);
    AudioServer server;
    REQUIRE(server.wait_for_notice(AudioServer::device, AudioServer::status));
    let_link_tick();
    CHECK_EQ(server.requests(), 0);
    CHECK_EQ(server.rate(), 48000);
    host_clock::advance(2 * second + ms);
    REQUIRE(server.wait_for_request());
    server.perform();
    CHECK_EQ(server.rate(), 44100);
    CHECK_EQ(input_latency(server), 132); // in the same change
    CHECK_EQ(server.format(AudioServer::input).mChannelsPerFrame, 8);
    // A direction without channels has no stream.
    CHECK_EQ(server.list<UInt32>(AudioServer::device, kAudioDevicePropertyStreams),
             std::vector<UInt32>{AudioServer::input});
    CHECK_FALSE(server.has(AudioServer::output, kAudioObjectPropertyClass));
    CHECK_FALSE(
        server.has(AudioServer::device, kAudioDevicePropertyLatency, kAudioObjectPropertyScopeOutput));
    CHECK(
        server.has(AudioServer::device, kAudioObjectPropertyElementName, kAudioObjectPropertyScopeInput, 8));
    CHECK_FALSE(
        server.has(AudioServer::device, kAudioObjectPropertyElementName, kAudioObjectPropertyScopeInput, 9));
}

TEST_CASE("latencies change while the HAL has stopped IO, once for receivers that follow each other") {
    const Frozen frozen;
    EngineStandIn engine;
    engine.make_region();
    AudioServer server;
    REQUIRE(server.wait_for_notice(AudioServer::device, AudioServer::status));
    REQUIRE_EQ(server.start(), 0);
    const uint64_t seed = server.stamp().seed;
    const auto perform = [&] {
        REQUIRE_EQ(server.stop(), 0);
        server.perform();
        REQUIRE_EQ(server.start(), 0);
    };
    CHECK_EQ(input_latency(server), 0);
    host_clock::advance(3 * second);
    REQUIRE(server.wait_for_request());
    CHECK_EQ(input_latency(server), 0); // not before the HAL says so
    perform();
    CHECK_EQ(input_latency(server), 144);
    CHECK_EQ(output_latency(server), 48);

    const auto add_receiver = [&](uint32_t latency) {
        server.forget_notices();
        engine.change([latency](tutti_link_device& device) {
            device.input_latency = latency;
            ++device.name[0]; // is announced when the driver has it
        });
        engine.describe();
        REQUIRE(server.wait_for_notice(AudioServer::device, kAudioObjectPropertyName));
        CHECK_EQ(server.notices(AudioServer::device, kAudioDevicePropertyLatency), 0);
        CHECK_EQ(input_latency(server), 144);
    };
    add_receiver(200);
    host_clock::advance(700 * ms);
    add_receiver(300);
    host_clock::advance(700 * ms);
    let_link_tick();
    CHECK_EQ(server.requests(), 1);
    host_clock::advance(700 * ms);
    REQUIRE(server.wait_for_request());
    add_receiver(480); // just in time
    perform();
    CHECK_EQ(input_latency(server), 480);
    let_link_tick();
    CHECK_EQ(server.requests(), 2);
    CHECK_EQ(server.overlapping_requests(), 0);
    CHECK_EQ(server.stamp().seed, seed); // time is what it was
    CHECK_EQ(engine.wanted_rate(), 0);

    REQUIRE_EQ(server.set_rate(96000), 0);
    REQUIRE(server.wait_for_request());
    perform();
    CHECK_EQ(input_latency(server), 960); // as long as before
    CHECK_EQ(output_latency(server), 96);
}

TEST_CASE("one change is open at a time; of several wishes the newest is performed") {
    const Frozen frozen;
    AudioServer server;
    host_clock::advance(3 * second);
    for (const double rate : {96000.0, 88200.0, 44100.0, 192000.0})
        REQUIRE_EQ(server.set_rate(rate), 0);
    REQUIRE(server.wait_for_request());
    let_link_tick();
    CHECK_EQ(server.requests(), 1);
    CHECK_EQ(server.overlapping_requests(), 0);
    server.perform();
    CHECK_EQ(server.rate(), 192000);
}

TEST_CASE("a change that the HAL refuses is asked for again after five seconds, not before") {
    const Frozen frozen;
    AudioServer server;
    host_clock::advance(3 * second);
    REQUIRE_EQ(server.set_rate(96000), 0);
    REQUIRE(server.wait_for_request());
    server.abort();
    CHECK_EQ(server.rate(), 48000);
    let_link_tick();
    CHECK_EQ(server.requests(), 1);
    host_clock::advance(5 * second + ms);
    REQUIRE(server.wait_for_request());
    server.perform();
    CHECK_EQ(server.rate(), 96000);
    // One that was never asked for changes nothing.
    CHECK_EQ(server.table().PerformDeviceConfigurationChange(server.reference(), 2, 4711, nullptr), 0);
    CHECK_EQ(server.rate(), 96000);
}

TEST_CASE("rates and formats that the device does not have are refused") {
    const Frozen frozen;
    AudioServer server;
    for (const double rate :
         {0.0, -48000.0, 47999.0, 48000.5, 1e300, std::numeric_limits<double>::quiet_NaN()}) {
        CHECK_EQ(server.set_rate(rate), static_cast<OSStatus>(kAudioHardwareIllegalOperationError));
    }
    const AudioObjectPropertyAddress address{kAudioStreamPropertyPhysicalFormat,
                                             kAudioObjectPropertyScopeGlobal, 0};
    const auto set = [&](const AudioStreamBasicDescription& format) {
        return server.table().SetPropertyData(server.reference(), AudioServer::input, 0, &address, 0, nullptr,
                                              sizeof(format), &format);
    };
    const AudioStreamBasicDescription good = server.format(AudioServer::input);
    CHECK_EQ(set(good), 0);
    AudioStreamBasicDescription bad = good;
    bad.mChannelsPerFrame = 2;
    CHECK_EQ(set(bad), static_cast<OSStatus>(kAudioDeviceUnsupportedFormatError));
    bad = good;
    bad.mFormatFlags = 12; // integers
    CHECK_EQ(set(bad), static_cast<OSStatus>(kAudioDeviceUnsupportedFormatError));
    bad = good;
    bad.mSampleRate = 32000;
    CHECK_EQ(set(bad), static_cast<OSStatus>(kAudioDeviceUnsupportedFormatError));
    AudioStreamBasicDescription other_rate = good;
    other_rate.mSampleRate = 88200;
    CHECK_EQ(set(other_rate), 0);
    host_clock::advance(3 * second);
    REQUIRE(server.wait_for_request());
    server.perform();
    CHECK_EQ(server.rate(), 88200);
}

TEST_CASE("the device appears as it was when it was last seen; damaged storage is ignored") {
    const Frozen frozen;
    const int64_t before = core_foundation::alive();
    {
        AudioServer server(
            AudioServer::Storage{{"configuration", "{\"rate\":192000,\"inputs\":16,\"outputs\":4,"
                                                   "\"inputLatency\":576,\"outputLatency\":192}"}});
        CHECK_EQ(server.rate(), 192000);
        CHECK_EQ(server.format(AudioServer::input).mChannelsPerFrame, 16);
        CHECK_EQ(server.format(AudioServer::output).mChannelsPerFrame, 4);
        CHECK_EQ(input_latency(server), 576);
        CHECK_EQ(output_latency(server), 192);
    }
    for (const char* text :
         {"", "{", "{}", "\"", "{\"rate\":47000,\"inputs\":8,\"outputs\":8}",
          "{\"rate\":48000,\"inputs\":129,\"outputs\":8}",
          "{\"rate\":48000,\"inputs\":8,\"outputs\":8,\"inputLatency\":384001}",
          "{\"rate\":99999999999999999999,\"inputs\":8,\"outputs\":8}", "{\"rate\":96000,\"inputs\":8}",
          "{\"rate\":\"96000\",\"inputs\":8,\"outputs\":8}", "(not a string)"}) {
        CAPTURE(text);
        const AudioServer server(AudioServer::Storage{{"configuration", text}});
        CHECK_EQ(server.rate(), 48000);
        CHECK_EQ(server.format(AudioServer::input).mChannelsPerFrame, 128);
    }
    const AudioServer server(AudioServer::Storage{{"configuration", std::string(100'000, '{')}});
    CHECK_EQ(server.rate(), 48000);
    CHECK_EQ(core_foundation::alive(), before);
}

TEST_CASE("a stream's activity can be set and is announced") {
    const Frozen frozen;
    AudioServer server;
    const AudioObjectPropertyAddress address{kAudioStreamPropertyIsActive, kAudioObjectPropertyScopeGlobal,
                                             0};
    const UInt32 no = 0;
    CHECK_EQ(server.table().SetPropertyData(server.reference(), AudioServer::output, 0, &address, 0, nullptr,
                                            sizeof(no), &no),
             0);
    CHECK_EQ(server.number(AudioServer::output, kAudioStreamPropertyIsActive), 0);
    CHECK_EQ(server.number(AudioServer::input, kAudioStreamPropertyIsActive), 1);
    CHECK_EQ(server.notices(AudioServer::output, kAudioStreamPropertyIsActive), 1);
}
