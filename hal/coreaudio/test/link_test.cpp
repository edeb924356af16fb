/// The way to the engine: names come over it, and it comes back by itself.
#include "audio_server.hpp"
#include "engine_link.hpp"
#include "engine_stand_in.hpp"
#include "host_clock.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <thread>

using namespace tutti::coreaudio::test;

namespace {

bool is_connected(const AudioServer& server) {
    return server.text(AudioServer::device, AudioServer::status).find("\"engine\":\"connected\"") !=
           std::string::npos;
}

} // namespace

TEST_CASE("names of the engine become the device's, and each change is announced once") {
    EngineStandIn engine;
    std::strcpy(engine.description().name, "Studio A");
    std::strcpy(engine.description().input_names[0], "Stage box 1");
    std::strcpy(engine.description().output_names[127], "Überträger");
    engine.make_region();
    AudioServer server;
    REQUIRE(server.wait_for_notice(AudioServer::device, kAudioObjectPropertyName));
    CHECK_EQ(server.text(AudioServer::device, kAudioObjectPropertyName), "Studio A");
    CHECK_EQ(
        server.text(AudioServer::device, kAudioObjectPropertyElementName, kAudioObjectPropertyScopeInput, 1),
        "Stage box 1");
    CHECK_EQ(server.text(AudioServer::device, kAudioObjectPropertyElementName,
                         kAudioObjectPropertyScopeOutput, 128),
             "Überträger");
    CHECK_EQ(
        server.text(AudioServer::device, kAudioObjectPropertyElementName, kAudioObjectPropertyScopeInput, 2),
        "");
    CHECK_EQ(server.notices(AudioServer::device, kAudioObjectPropertyElementName), 2);

    server.forget_notices();
    engine.change([](tutti_link_device& device) { std::strcpy(device.input_names[1], "Stage box 2"); });
    engine.describe();
    REQUIRE(server.wait_for_notice(AudioServer::device, kAudioObjectPropertyElementName));
    CHECK_EQ(server.notices(AudioServer::device, kAudioObjectPropertyElementName), 1);
    CHECK_EQ(server.notices(AudioServer::device, kAudioObjectPropertyName), 0);
}

TEST_CASE("texts without an end and numbers beyond all measure are cut to what the device can be") {
    const Frozen frozen;
    EngineStandIn engine;
    std::memset(engine.description().name, 'n', TUTTI_LINK_NAME_BYTES);
    for (std::size_t i = 0; i < TUTTI_LINK_NAME_BYTES; i += 2)
        std::memcpy(engine.description().input_names[0] + i, "ü", 2);
    engine.make_region_only();
    engine.description().input_latency = 0xFFFFFFFF;
    engine.description().rate = 12345;
    engine.description().inputs = 4000;
    engine.description().safety = 0xFFFFFFFF;
    engine.describe();
    AudioServer server;
    REQUIRE(server.wait_for_notice(AudioServer::device, kAudioObjectPropertyName));
    CHECK_EQ(server.text(AudioServer::device, kAudioObjectPropertyName), std::string(63, 'n'));
    const std::string name =
        server.text(AudioServer::device, kAudioObjectPropertyElementName, kAudioObjectPropertyScopeInput, 1);
    CHECK_EQ(name.size(), 62); // 31 whole characters
    host_clock::advance(3 * second);
    std::this_thread::sleep_for(std::chrono::milliseconds(600)); // a tick of the link
    CHECK_EQ(server.requests(), 0);
    CHECK_EQ(server.rate(), 48000);
    CHECK_EQ(server.format(AudioServer::input).mChannelsPerFrame, 128);

    server.forget_notices();
    engine.change([](tutti_link_device& device) {
        device.name[0] = 'm'; // is announced when the driver has it
        device.rate = 48000;
        device.inputs = 128;
        device.safety = tutti_link_safety_frames(48000);
    });
    engine.describe();
    REQUIRE(server.wait_for_notice(AudioServer::device, kAudioObjectPropertyName));
    host_clock::advance(3 * second);
    REQUIRE(server.wait_for_request());
    server.perform();
    CHECK_EQ(server.number(AudioServer::device, kAudioDevicePropertyLatency, kAudioObjectPropertyScopeInput),
             384000);
}

TEST_CASE("the driver finds an engine that starts later, dies and comes back") {
    EngineStandIn engine;
    engine.die();
    AudioServer server;
    CHECK_FALSE(is_connected(server));
    engine.make_region();
    engine.come_back();
    REQUIRE(server.wait_for_notice(AudioServer::device, AudioServer::status));
    CHECK(is_connected(server));
    server.forget_notices();
    engine.die();
    REQUIRE(server.wait_for_notice(AudioServer::device, AudioServer::status));
    CHECK_FALSE(is_connected(server));
    server.forget_notices();
    engine.come_back();
    REQUIRE(server.wait_for_notice(AudioServer::device, AudioServer::status));
    CHECK(is_connected(server));
}

TEST_CASE("an engine of another user, who is not root, is not believed") {
    if (geteuid() != 0) {
        MESSAGE("not run: only root can be somebody else");
        return;
    }
    EngineStandIn engine;
    engine.die();
    std::strcpy(engine.description().name, "Stranger");
    engine.make_region();
    constexpr uid_t nobody = 65534;
    engine.come_back_as(nobody);
    AudioServer server;
    std::this_thread::sleep_for(std::chrono::milliseconds(600)); // the first two attempts
    CHECK_FALSE(is_connected(server));
    CHECK_EQ(server.text(AudioServer::device, kAudioObjectPropertyName), "AES67 Device");
    engine.die();
    engine.come_back();
    REQUIRE(server.wait_for_notice(AudioServer::device, kAudioObjectPropertyName));
    CHECK(is_connected(server));
}

TEST_CASE("a message that is none of ours ends the connection, not the driver") {
    EngineStandIn engine;
    engine.make_region();
    AudioServer server;
    REQUIRE(engine.wait_for_hello(1));
    int hellos = engine.hellos();
    for (const std::size_t bytes :
         {std::size_t{1}, sizeof(tutti_link_device) - 1, sizeof(tutti_link_device) + 1}) {
        CAPTURE(bytes);
        engine.send_garbage(bytes);
        CHECK(engine.wait_for_hello(++hellos));
    }
    engine.send_garbage(sizeof(tutti_link_device)); // of another version
    CHECK(engine.wait_for_hello(++hellos));
    // What a connection that ended leaves behind does not end the next one.
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    CHECK_EQ(engine.hellos(), hellos);
    CHECK(is_connected(server));
}

TEST_CASE("a region whose header is not sound is not used") {
    host_clock::freeze(1'000'000'000'000'000);
    {
        EngineStandIn engine;
        engine.set_line(host_clock::now_ns(), media_start_ns, 0);
        engine.make_region_only(48000, 2, 2);
        AudioServer server(
            AudioServer::Storage{{"configuration", "{\"rate\":48000,\"inputs\":2,\"outputs\":2}"}});
        REQUIRE(engine.wait_for_hello());
        // The driver looks at the region first and then at the name, so that the news of the name is news of
        // both.
        const auto deliver = [&] {
            server.forget_notices();
            engine.change([](tutti_link_device& device) { ++device.name[0]; });
            engine.describe();
            REQUIRE(server.wait_for_notice(AudioServer::device, kAudioObjectPropertyName));
        };
        const auto is_used = [&] {
            deliver();
            server.start();
            host_clock::advance(20'000'000);
            engine.publish(host_clock::now_ns());
            const Stamp stamp = server.stamp();
            const int64_t now = engine.index_at(host_clock::now_ns());
            engine.fill_inputs(now - 4000, now);
            float frame[2] = {};
            const auto since =
                static_cast<double>(host_clock::now_ns() - host_clock::to_ns(stamp.host_ticks));
            server.read(std::floor(stamp.sample_time + since * 48e-6) - 100, 1, frame);
            server.stop();
            return frame[0] != 0;
        };
        using Spoil = void (*)(tutti_region_header&);
        for (const Spoil spoil : {Spoil{[](tutti_region_header& h) { h.magic = 1; }},
                                  Spoil{[](tutti_region_header& h) { h.abi = 2; }},
                                  Spoil{[](tutti_region_header& h) { h.ring_frames = 65536; }},
                                  Spoil{[](tutti_region_header& h) { h.ring_frames = 1000; }},
                                  Spoil{[](tutti_region_header& h) { h.rate = 0; }},
                                  Spoil{[](tutti_region_header& h) { h.state = TUTTI_REGION_RETIRED; }}}) {
            engine.make_region_only(48000, 2, 2);
            const tutti_region_header good = engine.header();
            spoil(engine.header());
            deliver();
            engine.header() = good; // mended too late: it was looked at when it came
            engine.change([](tutti_link_device& device) { device.region_id += 1000; });
            float frame[2] = {1, 1};
            server.read(1000, 1, frame);
            CHECK_EQ(frame[0], 0);
        }
        engine.make_region_only(48000, 2, 2);
        CHECK(is_used());
    }
    host_clock::run();
}

TEST_CASE("attempts to connect come after 0, 0.25, 0.5, 1 and 2 seconds, then every 5") {
    using tutti::coreaudio::engine_link::retry_delay_ns;
    const int64_t expected[] = {0, 250, 500, 1000, 2000, 5000, 5000};
    for (unsigned attempt = 0; attempt < 7; ++attempt)
        CHECK_EQ(retry_delay_ns(attempt), expected[attempt] * 1'000'000);
    CHECK_EQ(retry_delay_ns(4'000'000'000u), 5'000'000'000);
}
