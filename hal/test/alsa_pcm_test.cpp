/// The plug-in as ALSA's API shows it, loaded into this process.
#include "client/local_time.hpp"
#include "client/region_mapping.hpp"

#include "region_keeper.hpp"
#include "scratch.hpp"

#include <alsa/asoundlib.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdarg>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace tutti::hal;
using namespace tutti::hal::test;

namespace alsa_pcm_test {

namespace {

/// A running region at the path that the ALSA configuration names.
struct Fixture {
    explicit Fixture(uint32_t rate = 48000, uint32_t channels = 128) : keeper(options(rate, channels)) {
        static const std::string config = write_alsa_config(TUTTI_PLUGIN);
        setenv("ALSA_CONFIG_PATH", config.c_str(), 1);
        keeper.start();
    }
    static KeeperOptions options(uint32_t rate, uint32_t channels) {
        KeeperOptions options;
        options.path = region_path();
        options.rate = rate;
        options.inputs = options.outputs = channels;
        return options;
    }
    [[nodiscard]] uint64_t xruns() const {
        uint64_t sum = 0;
        for (const tutti_region_client& client : keeper.header().clients)
            sum += __atomic_load_n(&client.xruns, 0);
        return sum;
    }
    RegionKeeper keeper;
};

struct PcmHandle {
    PcmHandle() = default;
    PcmHandle(const PcmHandle&) = delete;
    PcmHandle& operator=(const PcmHandle&) = delete;
    ~PcmHandle() { close(); }

    int open(const std::string& name, snd_pcm_stream_t stream) {
        return snd_pcm_open(&pcm, name.c_str(), stream, SND_PCM_NONBLOCK);
    }
    int set(unsigned channels, snd_pcm_format_t format = SND_PCM_FORMAT_S32_LE, unsigned rate = 48000,
            unsigned latency_us = 500000, snd_pcm_access_t access = SND_PCM_ACCESS_RW_INTERLEAVED) {
        snd_pcm_nonblock(pcm, 0);
        return snd_pcm_set_params(pcm, format, access, channels, rate, 0, latency_us);
    }
    void close() {
        if (pcm != nullptr)
            snd_pcm_close(pcm);
        pcm = nullptr;
    }
    snd_pcm_t* pcm = nullptr;
};

std::vector<int32_t> numbered(int frames, int channels) {
    std::vector<int32_t> samples(static_cast<std::size_t>(frames) * channels);
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<int32_t>(i + 1) << 8;
    return samples;
}

/// Where the samples of `numbered` are in what was captured; -1 if they are not there in whole.
long find(const std::vector<int32_t>& captured, const std::vector<int32_t>& samples) {
    for (std::size_t i = 0; i < captured.size(); ++i) {
        if (captured[i] == 0)
            continue;
        const bool whole =
            captured.size() - i >= samples.size() &&
            std::equal(samples.begin(), samples.end(), captured.begin() + static_cast<long>(i));
        return whole ? static_cast<long>(i) : -1;
    }
    return -1;
}

/// Collects what alsa-lib and the plug-in say, instead of printing it.
struct Quiet {
    Quiet() {
        last().clear();
        snd_lib_error_set_handler(collect);
    }
    ~Quiet() { snd_lib_error_set_handler(nullptr); }
    static void collect(const char*, int, const char*, int, const char* format, ...) {
        char text[512];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
        last() += text;
    }
    static std::string& last() {
        static std::string text;
        return text;
    }
};

} // namespace

TEST_CASE("a drained playback is heard to its last frame") {
    Fixture f;
    for (const int frames : {7, 480, 20000}) { // shorter than a period, too: it starts with the drain
        PcmHandle capture;
        PcmHandle playback;
        REQUIRE(capture.open("tutti", SND_PCM_STREAM_CAPTURE) == 0);
        REQUIRE(capture.set(2, SND_PCM_FORMAT_S32_LE, 48000, 500000) == 0);
        REQUIRE(playback.open("tutti", SND_PCM_STREAM_PLAYBACK) == 0);
        REQUIRE(playback.set(2) == 0);
        const std::vector<int32_t> samples = numbered(frames, 2);
        std::vector<int32_t> captured(2 * (static_cast<std::size_t>(frames) + 24000));
        REQUIRE(snd_pcm_start(capture.pcm) == 0);
        const int64_t before = local_now_ns();
        std::thread player([&] {
            CHECK(snd_pcm_writei(playback.pcm, samples.data(), frames) == frames);
            CHECK(snd_pcm_drain(playback.pcm) == 0);
            playback.close();
        });
        REQUIRE(snd_pcm_readi(capture.pcm, captured.data(), captured.size() / 2) ==
                static_cast<long>(captured.size() / 2));
        player.join();
        CHECK(local_now_ns() - before >=
              static_cast<int64_t>(captured.size() / 2) * 1'000'000'000 / 48000 - 1'000'000);
        CHECK(find(captured, samples) > 12000);
    }
    CHECK(f.xruns() == 0);
}

TEST_CASE("a memory-mapped stream carries the same samples") {
    Fixture f;
    PcmHandle capture;
    PcmHandle playback;
    REQUIRE(capture.open("tutti:4,5", SND_PCM_STREAM_CAPTURE) == 0);
    REQUIRE(capture.set(4, SND_PCM_FORMAT_S32_LE, 48000, 500000, SND_PCM_ACCESS_MMAP_INTERLEAVED) == 0);
    REQUIRE(playback.open("tutti:4,5", SND_PCM_STREAM_PLAYBACK) == 0);
    REQUIRE(playback.set(4, SND_PCM_FORMAT_S32_LE, 48000, 500000, SND_PCM_ACCESS_MMAP_INTERLEAVED) == 0);
    const std::vector<int32_t> samples = numbered(15000, 4);
    std::vector<int32_t> captured(48000 * 4);
    REQUIRE(snd_pcm_start(capture.pcm) == 0);
    std::thread player([&] {
        CHECK(snd_pcm_mmap_writei(playback.pcm, samples.data(), 15000) == 15000);
        CHECK(snd_pcm_drain(playback.pcm) == 0);
    });
    CHECK(snd_pcm_mmap_readi(capture.pcm, captured.data(), 48000) == 48000);
    player.join();
    CHECK(find(captured, samples) > 0);
}

TEST_CASE("a channel that plays already is busy, and the message names it and its holder") {
    Fixture f;
    PcmHandle first;
    REQUIRE(first.open("tutti:4,3", SND_PCM_STREAM_PLAYBACK) ==
            0); // a fixed count is claimed when it is opened
    const Quiet quiet;
    PcmHandle second;
    CHECK(second.open("tutti:8,1", SND_PCM_STREAM_PLAYBACK) == -EBUSY);
    CHECK(Quiet::last().find("output channel 3 is in use by hal_test") != std::string::npos);
    PcmHandle third;
    REQUIRE(third.open("tutti", SND_PCM_STREAM_PLAYBACK) == 0); // no count, no claim yet
    CHECK(third.set(3) == -EBUSY);
    CHECK(third.set(2) == 0);
    PcmHandle reader;
    CHECK(reader.open("tutti:128", SND_PCM_STREAM_CAPTURE) == 0); // inputs are for everybody
    first.close();
    CHECK(second.open("tutti:6,3", SND_PCM_STREAM_PLAYBACK) == 0);
}

TEST_CASE("an underrun is reported, counted, and over after prepare") {
    Fixture f;
    PcmHandle playback;
    REQUIRE(playback.open("tutti", SND_PCM_STREAM_PLAYBACK) == 0);
    REQUIRE(playback.set(2, SND_PCM_FORMAT_S32_LE, 48000, 150000) == 0);
    const std::vector<int32_t> samples = numbered(2400, 2);
    REQUIRE(snd_pcm_writei(playback.pcm, samples.data(), 2400) == 2400);
    snd_pcm_start(playback.pcm);
    snd_pcm_wait(playback.pcm, 1000);
    const timespec pause{0, 300'000'000};
    nanosleep(&pause, nullptr);
    CHECK(snd_pcm_writei(playback.pcm, samples.data(), 480) == -EPIPE);
    CHECK(snd_pcm_state(playback.pcm) == SND_PCM_STATE_XRUN);
    CHECK(f.xruns() == 1);
    CHECK(snd_pcm_wait(playback.pcm, 1000) == -EPIPE);
    CHECK(snd_pcm_prepare(playback.pcm) == 0);
    CHECK(snd_pcm_writei(playback.pcm, samples.data(), 2400) == 2400);
    CHECK(snd_pcm_drain(playback.pcm) == 0);
    CHECK(f.xruns() == 1);
}

TEST_CASE("an overrun is reported, and over after prepare") {
    Fixture f;
    PcmHandle capture;
    REQUIRE(capture.open("tutti", SND_PCM_STREAM_CAPTURE) == 0);
    REQUIRE(capture.set(2, SND_PCM_FORMAT_S32_LE, 48000, 150000) == 0);
    REQUIRE(snd_pcm_start(capture.pcm) == 0);
    const timespec pause{0, 300'000'000};
    nanosleep(&pause, nullptr);
    std::vector<int32_t> samples(4800);
    CHECK(snd_pcm_readi(capture.pcm, samples.data(), 480) == -EPIPE);
    CHECK(f.xruns() == 1);
    CHECK(snd_pcm_prepare(capture.pcm) == 0);
    CHECK(snd_pcm_readi(capture.pcm, samples.data(), 480) == 480);
}

TEST_CASE("poll wakes when enough is there, and not before") {
    Fixture f;
    PcmHandle capture;
    REQUIRE(capture.open("tutti", SND_PCM_STREAM_CAPTURE) == 0);
    REQUIRE(capture.set(2, SND_PCM_FORMAT_S32_LE, 48000, 400000) == 0); // a period is 100 ms
    REQUIRE(snd_pcm_start(capture.pcm) == 0);
    const int64_t before = local_now_ns();
    CHECK(snd_pcm_wait(capture.pcm, 20) == 0); // 20 ms: not yet
    CHECK(snd_pcm_wait(capture.pcm, 5000) == 1);
    CHECK(local_now_ns() - before >= 99'000'000);
    CHECK(snd_pcm_avail(capture.pcm) >= 4800);
    pollfd descriptor{};
    REQUIRE(snd_pcm_poll_descriptors(capture.pcm, &descriptor, 1) == 1);
    CHECK(poll(&descriptor, 1, 0) == 1); // stays ready until it is read
    std::vector<int32_t> samples(48000);
    while (snd_pcm_avail(capture.pcm) >= 4800)
        snd_pcm_readi(capture.pcm, samples.data(), 4800);
    CHECK(poll(&descriptor, 1, 0) == 0);
}

/// Whether a program that looks at all that is there, and takes all but `left` frames of it, is woken before
/// there is a whole period more. False too if the machine holds us up, even for a whole buffer.
static bool wakes_for_what_was_taken(snd_pcm_t* pcm, snd_pcm_uframes_t period, snd_pcm_uframes_t left) {
    if (snd_pcm_prepare(pcm) != 0 || snd_pcm_start(pcm) != 0 || snd_pcm_wait(pcm, 5000) != 1)
        return false;
    const snd_pcm_channel_area_t* areas = nullptr;
    snd_pcm_uframes_t offset = 0;
    snd_pcm_uframes_t frames = 4 * period;
    if (snd_pcm_avail_update(pcm) < 0 || snd_pcm_mmap_begin(pcm, &areas, &offset, &frames) != 0 ||
        frames <= left || snd_pcm_mmap_commit(pcm, offset, frames - left) < 0 ||
        snd_pcm_wait(pcm, 5000) != 1) {
        return false;
    }
    const snd_pcm_sframes_t there = snd_pcm_avail(pcm);
    return there >= 0 && there < static_cast<snd_pcm_sframes_t>(left + period);
}

TEST_CASE("a mapped capture wakes for what was taken, not for what was looked at") {
    Fixture f;
    PcmHandle capture;
    REQUIRE(capture.open("tutti", SND_PCM_STREAM_CAPTURE) == 0);
    REQUIRE(capture.set(2, SND_PCM_FORMAT_S32_LE, 48000, 160000, SND_PCM_ACCESS_MMAP_INTERLEAVED) == 0);
    constexpr snd_pcm_uframes_t period = 1920;
    constexpr snd_pcm_uframes_t left = period - 96; // 2 ms later there is a period again
    bool in_time = false;
    for (int i = 0; i < 10 && !in_time; ++i) {
        in_time = wakes_for_what_was_taken(capture.pcm, period, left);
        REQUIRE(snd_pcm_drop(capture.pcm) == 0);
    }
    CHECK(in_time);
}

TEST_CASE("a drained capture stops at once") {
    Fixture f;
    PcmHandle capture;
    REQUIRE(capture.open("tutti", SND_PCM_STREAM_CAPTURE) == 0);
    REQUIRE(capture.set(2, SND_PCM_FORMAT_S32_LE, 48000, 400000) == 0);
    std::vector<int32_t> samples(2 * 4800);
    REQUIRE(snd_pcm_readi(capture.pcm, samples.data(), 4800) == 4800);
    auto drained = std::async(std::launch::async, [&] { return snd_pcm_drain(capture.pcm); });
    const bool in_time = drained.wait_for(std::chrono::seconds(2)) == std::future_status::ready;
    CHECK(in_time);
    if (!in_time)
        snd_pcm_drop(capture.pcm); // so that it returns
    CHECK(drained.get() == 0);
    CHECK(snd_pcm_state(capture.pcm) == SND_PCM_STATE_SETUP);
    CHECK(f.xruns() == 0);
    CHECK(snd_pcm_prepare(capture.pcm) == 0);
    CHECK(snd_pcm_readi(capture.pcm, samples.data(), 4800) == 4800);
}

TEST_CASE("a dropped playback falls silent at once") {
    Fixture f;
    PcmHandle playback;
    REQUIRE(playback.open("tutti", SND_PCM_STREAM_PLAYBACK) == 0);
    REQUIRE(playback.set(2, SND_PCM_FORMAT_S32_LE, 48000, 500000) == 0);
    const std::vector<int32_t> samples = numbered(24000, 2);
    REQUIRE(snd_pcm_writei(playback.pcm, samples.data(), 24000) == 24000);
    snd_pcm_start(playback.pcm);
    const int64_t now = f.keeper.now();
    CHECK(snd_pcm_drop(playback.pcm) == 0);
    RegionMapping region; // not the keeper's own mapping, which its thread uses
    REQUIRE_FALSE(region.open(region_path()));
    for (int64_t n = now + 10000; n < now + 20000; ++n)
        REQUIRE(region.output_frame(n)[0] == 0);
}

TEST_CASE("after a step of the timeline a stream goes on when it is prepared") {
    Fixture f;
    PcmHandle capture;
    REQUIRE(capture.open("tutti", SND_PCM_STREAM_CAPTURE) == 0);
    REQUIRE(capture.set(2) == 0);
    std::vector<int32_t> samples(9600);
    REQUIRE(snd_pcm_readi(capture.pcm, samples.data(), 480) == 480);
    f.keeper.step(-3'600'000'000'000);
    CHECK(snd_pcm_readi(capture.pcm, samples.data(), 480) == -EPIPE);
    CHECK(snd_pcm_prepare(capture.pcm) == 0);
    CHECK(snd_pcm_readi(capture.pcm, samples.data(), 480) == 480);
}

TEST_CASE("a replaced region is opened anew by prepare, claims and all, if it still fits") {
    auto old = std::make_unique<Fixture>();
    PcmHandle playback;
    REQUIRE(playback.open("tutti", SND_PCM_STREAM_PLAYBACK) == 0);
    REQUIRE(playback.set(4) == 0);
    const std::vector<int32_t> samples = numbered(4800, 4);
    REQUIRE(snd_pcm_writei(playback.pcm, samples.data(), 4800) == 4800);
    old->keeper.retire();
    old->keeper.unlink_on_exit(false);
    SUBCASE("the same rate") {
        Fixture fresh(48000, 8);
        snd_pcm_start(playback.pcm);
        CHECK(snd_pcm_avail(playback.pcm) == -EPIPE);
        REQUIRE(snd_pcm_prepare(playback.pcm) == 0);
        CHECK(snd_pcm_writei(playback.pcm, samples.data(), 4800) == 4800);
        CHECK(snd_pcm_drain(playback.pcm) == 0);
        const Quiet quiet;
        PcmHandle second;
        CHECK(second.open("tutti:1", SND_PCM_STREAM_PLAYBACK) == -EBUSY); // claimed in the new one
    }
    SUBCASE("the same rate, but the new region comes a little later") {
        std::unique_ptr<Fixture> fresh;
        std::thread engine([&] {
            const timespec pause{0, 100'000'000};
            nanosleep(&pause, nullptr);
            fresh = std::make_unique<Fixture>(48000, 8);
        });
        CHECK(snd_pcm_prepare(playback.pcm) == 0);
        engine.join();
        CHECK(snd_pcm_writei(playback.pcm, samples.data(), 4800) == 4800);
    }
    SUBCASE("another rate") {
        Fixture fresh(96000, 8);
        const Quiet quiet;
        CHECK(snd_pcm_prepare(playback.pcm) == -ENODEV);
        CHECK(Quiet::last().find("96000 Hz") != std::string::npos);
    }
    SUBCASE("too few channels") {
        Fixture fresh(48000, 2);
        const Quiet quiet;
        CHECK(snd_pcm_prepare(playback.pcm) == -ENODEV);
    }
}

TEST_CASE("what the device cannot do is refused") {
    Fixture f(48000, 16);
    const Quiet quiet;
    PcmHandle pcm;
    CHECK(pcm.open("tutti:8,10", SND_PCM_STREAM_CAPTURE) == -EINVAL);
    CHECK(Quiet::last().find("channel 17 is wanted, but the device has 16 inputs") != std::string::npos);
    CHECK(pcm.open("tutti:8,0", SND_PCM_STREAM_CAPTURE) == -EINVAL);
    CHECK(pcm.open("tutti:129", SND_PCM_STREAM_CAPTURE) == -EINVAL);
    REQUIRE(pcm.open("tutti:0,9", SND_PCM_STREAM_CAPTURE) == 0);
    CHECK(pcm.set(9) < 0);
    CHECK(pcm.set(8, SND_PCM_FORMAT_S32_LE, 44100) < 0);
    CHECK(pcm.set(8, SND_PCM_FORMAT_S16_BE) < 0);
    CHECK(pcm.set(8) == 0);
}

TEST_CASE("without a region there is no device, and the message says why") {
    { Fixture f; }
    const Quiet quiet;
    PcmHandle pcm;
    CHECK(pcm.open("tutti", SND_PCM_STREAM_CAPTURE) == -ENODEV);
    CHECK(Quiet::last().find("is the engine running?") != std::string::npos);
}

} // namespace alsa_pcm_test
