/// The two streams of the ALSA driver without ALSA, so that sanitizers see all of them.
#include "alsa/capture_stream.hpp"
#include "alsa/playback_stream.hpp"
#include "client/local_time.hpp"
#include "client/region_mapping.hpp"

#include "region_keeper.hpp"
#include "scratch.hpp"

#include <doctest/doctest.h>
#include <time.h>

#include <algorithm>
#include <cstring>
#include <vector>

using namespace tutti::hal;
using namespace tutti::hal::test;

namespace stream_test {

namespace {

constexpr uint32_t channels = 2;

void sleep_ms(long ms) {
    const timespec pause{ms / 1000, ms % 1000 * 1'000'000};
    nanosleep(&pause, nullptr);
}

struct Fixture {
    explicit Fixture(const KeeperOptions& given = options()) : keeper(given) {
        REQUIRE_FALSE(mapping.open(scratch_path("stream")));
        REQUIRE(clock.refresh(mapping));
    }
    static KeeperOptions options() {
        KeeperOptions options;
        options.path = scratch_path("stream");
        options.inputs = options.outputs = 8;
        return options;
    }
    static std::vector<float> numbered(int64_t from, int64_t frames) {
        std::vector<float> samples(static_cast<std::size_t>(frames) * channels);
        for (std::size_t i = 0; i < samples.size(); ++i) {
            samples[i] = static_cast<float>(from * channels + static_cast<int64_t>(i) + 1) / 8388608.0F;
        }
        return samples;
    }
    static const uint8_t* bytes(const std::vector<float>& samples) {
        return reinterpret_cast<const uint8_t*>(samples.data());
    }
    RegionKeeper keeper;
    RegionMapping mapping;
    RegionClock clock;
    CaptureStream capture{mapping, clock};
    PlaybackStream playback{mapping, clock};
};

} // namespace

TEST_CASE("playback of a buffer longer than the ring comes back from the loop to the sample") {
    Fixture f;
    f.keeper.start();
    constexpr int64_t total = 60000;
    REQUIRE(f.playback.allocate(3, channels, 65536));
    REQUIRE(f.capture.allocate(3, channels, 65536));
    f.playback.reset(local_now_ns());
    const std::vector<float> samples = Fixture::numbered(0, total);
    f.playback.stage(0, total, SampleFormat::f32, Fixture::bytes(samples));
    f.capture.start(local_now_ns());
    f.playback.start(total);
    CHECK(f.playback.pushed() < total);

    const int64_t expected_at = f.playback.start_index() + 12000 - f.capture.start_index();
    std::vector<float> heard(static_cast<std::size_t>(total) * channels);
    int64_t read = expected_at;
    while (read < expected_at + total) {
        const int64_t now = local_now_ns();
        REQUIRE((f.capture.update(now, read, true) == StreamState::running));
        if (f.playback.position() < total)
            REQUIRE((f.playback.update(now, total, false) == StreamState::running));
        const int64_t frames = std::min(f.capture.position(), expected_at + total) - read;
        if (frames > 0) {
            auto* to = reinterpret_cast<uint8_t*>(heard.data() + (read - expected_at) * channels);
            f.capture.copy(read, frames, SampleFormat::f32, to);
            read += frames;
        }
        sleep_ms(10);
    }
    CHECK(heard == samples);
    CHECK(f.playback.dropped() == 0);
}

TEST_CASE("a buffer that takes longer to copy than its head to play starts without an underrun") {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    constexpr uint32_t rate = 48000; // they copy more slowly than 98 MB a second, which 192 kHz would need
#else
    constexpr uint32_t rate = 192000;
#endif
    constexpr uint32_t wide = 128;
    constexpr int64_t frames = rate / 2; // 49 MB that nobody has touched yet
    KeeperOptions options = Fixture::options();
    options.rate = rate;
    options.inputs = 1;
    options.outputs = wide;
    Fixture f(options);
    f.keeper.start();
    REQUIRE(f.playback.allocate(0, wide, frames));
    f.playback.reset(local_now_ns());
    const std::vector<float> samples(static_cast<std::size_t>(frames) * wide, 0.5F);
    f.playback.stage(0, frames, SampleFormat::f32, Fixture::bytes(samples));
    f.playback.start(frames);
    CHECK((f.playback.update(local_now_ns(), frames, true) == StreamState::running));
    CHECK(f.playback.dropped() == 0);
}

TEST_CASE(
    "a start waits until all that was written lies ahead, so that being held up afterwards costs nothing") {
    constexpr uint32_t wide = 128;
    constexpr int64_t frames = 48000; // 25 MB: copied in more than the shortest wait before a start
    KeeperOptions options = Fixture::options();
    options.rate = 192000;
    options.outputs = wide;
    Fixture f(options);
    f.keeper.start();
    REQUIRE(f.playback.allocate(0, wide, frames));
    const std::vector<float> samples(static_cast<std::size_t>(frames) * wide, 0.5F);
    bool ahead = false;
    for (int round = 0; round < 10 && !ahead;
         ++round) { // the test itself may be held up between start and look
        f.playback.reset(local_now_ns());
        f.playback.stage(0, frames, SampleFormat::f32, Fixture::bytes(samples));
        f.playback.start(frames);
        const int64_t done = local_now_ns();
        CHECK(f.playback.pushed() == frames);
        ahead = done < f.clock.local_ns_of(f.playback.start_index());
    }
    CHECK(ahead);
}

TEST_CASE("a stream that stops takes back what has not been played") {
    Fixture f;
    f.keeper.start();
    REQUIRE(f.playback.allocate(0, channels, 16384));
    f.playback.reset(local_now_ns());
    const std::vector<float> samples = Fixture::numbered(0, 16384);
    f.playback.stage(0, 16384, SampleFormat::f32, Fixture::bytes(samples));
    f.playback.start(16384);
    const int64_t start = f.playback.start_index();
    CHECK(f.mapping.output_frame(start + 16000)[0] != 0);
    f.playback.reset(local_now_ns());
    for (int64_t n = start + 12000; n < start + 16384; ++n)
        REQUIRE(f.mapping.output_frame(n)[0] == 0);
}

TEST_CASE("playback that runs dry is an underrun, unless the application wants to go on") {
    Fixture f;
    f.keeper.start();
    REQUIRE(f.playback.allocate(0, channels, 4096));
    const std::vector<float> samples = Fixture::numbered(0, 480);
    f.playback.reset(local_now_ns());
    f.playback.stage(0, 480, SampleFormat::f32, Fixture::bytes(samples));
    f.playback.start(480);
    sleep_ms(60);
    CHECK((f.playback.update(local_now_ns(), 480, false) == StreamState::running));
    CHECK(f.playback.position() > 480);
    CHECK((f.playback.update(local_now_ns(), 480, true) == StreamState::xrun));
}

TEST_CASE("capture that is not read is an overrun, unless the application wants to go on") {
    Fixture f;
    f.keeper.start();
    REQUIRE(f.capture.allocate(0, channels, 1024));
    f.capture.start(local_now_ns());
    sleep_ms(60);
    CHECK((f.capture.update(local_now_ns(), 0, true) == StreamState::xrun));
    CHECK((f.capture.update(local_now_ns(), 0, false) == StreamState::running));
    CHECK(f.capture.position() > 2048);
}

TEST_CASE("without an engine capture is silence, playback passes unheard, and time runs on") {
    Fixture f; // a keeper that never starts: the windows stay where they are
    REQUIRE(f.capture.allocate(0, channels, 4096));
    REQUIRE(f.playback.allocate(0, channels, 4096));
    // As long after the engine's death as its ring is long.
    f.keeper.header().input_horizon -= 70000;
    f.keeper.header().output_floor -= 70000;
    const std::vector<float> samples = Fixture::numbered(0, 4096);
    f.playback.reset(local_now_ns());
    f.playback.stage(0, 4096, SampleFormat::f32, Fixture::bytes(samples));
    f.playback.start(4096);
    f.capture.start(local_now_ns());
    sleep_ms(40);
    const int64_t now = local_now_ns();
    CHECK((f.capture.update(now, 0, true) == StreamState::running));
    CHECK((f.playback.update(now, 4096, true) == StreamState::running));
    CHECK(f.capture.position() >= 1900);
    CHECK(f.playback.position() >= 1900 - 48);
    CHECK(f.playback.dropped() == f.playback.position());
    std::vector<float> heard(1900 * channels, 1.0F);
    f.capture.copy(0, 1900, SampleFormat::f32, reinterpret_cast<uint8_t*>(heard.data()));
    for (const float sample : heard)
        REQUIRE(sample == 0);
}

TEST_CASE("a step of the timeline and a retired region end a stream") {
    Fixture f;
    f.keeper.start();
    REQUIRE(f.capture.allocate(0, channels, 4096));
    f.capture.start(local_now_ns());
    CHECK((f.capture.update(local_now_ns(), 0, true) == StreamState::running));
    SUBCASE("step forwards") {
        f.keeper.step(5'000'000'000);
    }
    SUBCASE("step backwards") {
        f.keeper.step(-5'000'000'000);
    }
    SUBCASE("retired") {
        f.keeper.retire();
    }
    CHECK((f.capture.update(local_now_ns(), 0, true) == StreamState::xrun));
}

} // namespace stream_test
