// Streams on another clock, in virtual time: what a network and a machine do to them, and what is heard.
#include "foreign_stream.hpp"
#include "staged_codec.hpp"
#include "tone_fit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace tutti;

namespace resampled_playout_test {
using test::ForeignBench;
using test::ForeignStream;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int long_run_s = 60; // sanitizers are slow; the plain variant runs the whole
#else
constexpr int long_run_s = 600;
#endif
constexpr uint32_t device_rate = 48000;
constexpr uint32_t link_offset = 960;    // 20 ms
constexpr double tolerance_ns = 250'000; // of the latency
constexpr double largest_residual_db = -110;

ForeignStream usual(double deviation) {
    ForeignStream stream;
    stream.deviation = deviation;
    stream.jitter_ns = 200'000;
    stream.spike_chance = 0.01;
    return stream;
}

void play(ForeignBench& bench, int milliseconds) {
    for (int i = 0; i < milliseconds; ++i)
        bench.step();
}

struct Second {
    test::ToneFit tone;
    double latency_error_ns; ///< beyond network's least delay and link offset; known modulo the tone's period
};

/// What was heard since the last call, one second at least, as a tone of the frequency it must have.
Second listen(ForeignBench& bench) {
    const uint32_t rate = bench.stream_.rate;
    while (bench.heard_frames() < device_rate)
        bench.step();
    const int64_t from = bench.heard_from();
    const auto heard_ns = static_cast<double>(tutti_media_ns(from, device_rate) - ForeignBench::epoch_ns);
    const double taken_ns =
        heard_ns - static_cast<double>(bench.network_delay_ns_) - 1e9 * bench.link_offset_ / device_rate;
    const double frame = bench.frame_at(taken_ns);
    const double step = (bench.frame_at(taken_ns + 1e9) - frame) / device_rate;
    const double turns = 2 * std::numbers::pi;
    Second second{};
    second.tone = test::fit_tone(bench.take_heard(), turns * ForeignBench::tone_hz / rate * step);
    const double expected = turns * std::fmod(ForeignBench::tone_hz * frame / rate, 1.0);
    second.latency_error_ns =
        -std::remainder(second.tone.phase - expected, turns) / (turns * ForeignBench::tone_hz) * 1e9;
    return second;
}

/// Lets the recovered clock settle; what was heard meanwhile is dropped.
void settle(ForeignBench& bench, int seconds) {
    play(bench, 1000 * seconds);
    bench.take_heard();
}

} // namespace

TEST_CASE(
    "ten minutes of a stream 300 ppm off are heard without a dropout, at a constant latency, THD+N below "
    "-110 dB, without an allocation") {
    for (const double deviation : {3e-4, -3e-4}) {
        CAPTURE(deviation);
        ForeignBench bench(usual(deviation), link_offset);
        settle(bench, 2);
        double worst_db = -200;
        double worst_latency_ns = 0;
        for (int second = 2; second < long_run_s; ++second) {
            const Second heard = listen(bench);
            worst_latency_ns = std::max(worst_latency_ns, std::fabs(heard.latency_error_ns));
            if (second >= 30) // the pitch still moves before, by less than a hundredth of a cent
                worst_db = std::max(worst_db, heard.tone.residual_db);
            REQUIRE(heard.tone.level == doctest::Approx(0.891).epsilon(1e-3));
            REQUIRE(std::fabs(heard.tone.frequency_ppm) < 6);
        }
        MESSAGE(long_run_s << " s at " << deviation * 1e6 << " ppm: THD+N " << worst_db
                           << " dB, latency within " << worst_latency_ns / 1000 << " us, at worst");
        CHECK_LT(worst_db, largest_residual_db);
        CHECK_LT(worst_latency_ns, tolerance_ns);
        CHECK_EQ(bench.count(ReceiverField::missing_frames), 0);
        CHECK_EQ(bench.count(ReceiverField::late), 0);
        CHECK_EQ(bench.count(ReceiverField::reanchors), 0);
        CHECK_EQ(bench.allocations(), 0);
        CHECK(std::llabs(bench.value(ReceiverField::sender_ppb) - std::llround(deviation * 1e9)) < 200);
    }
}

TEST_CASE(
    "with a wandering clock, loss, reordering and a machine that stalls, only what was lost is missing") {
    ForeignStream stream = usual(-3e-4);
    stream.wander = 5e-6;
    stream.spike_chance = 0.05;
    ForeignBench bench(stream, link_offset);
    settle(bench, 2);
    bench.stream_.loss_chance = 0.002;
    double worst_latency_ns = 0;
    for (int second = 2; second < long_run_s; ++second) {
        for (int i = 0; second % 20 == 0 && i < 14; ++i)
            bench.step(true); // shorter than the link offset: the inputs were written ahead
        worst_latency_ns = std::max(worst_latency_ns, std::fabs(listen(bench).latency_error_ns));
    }
    bench.stream_.loss_chance = 0;
    settle(bench, 1);
    CHECK_LT(worst_latency_ns, tolerance_ns);
    CHECK_GT(bench.lost(), 0);
    CHECK_EQ(bench.count(ReceiverField::missing_frames), bench.lost() * stream.frames);
    CHECK_EQ(bench.count(ReceiverField::reanchors), 0);
    CHECK_EQ(bench.count(ReceiverField::late), 0);
}

TEST_CASE("packets that are held up and then come all at once do not move what comes after them") {
    ForeignBench bench(usual(3e-4), link_offset);
    settle(bench, 20);
    for (int stall = 0; stall < 5; ++stall) {
        bench.held_until_ns_ = bench.context().local_now + 150'000'000;
        play(bench, 500);
        bench.take_heard();
        const Second after = listen(bench);
        CHECK(std::fabs(after.latency_error_ns) < 50'000);
        CHECK(after.tone.residual_db < largest_residual_db);
    }
    CHECK_EQ(bench.count(ReceiverField::reanchors), 0);
}

TEST_CASE("a burst of jitter, three seconds long, does not move the latency") {
    ForeignBench bench(usual(3e-4), link_offset);
    settle(bench, 20);
    bench.stream_.jitter_ns = 5e6;
    play(bench, 3000);
    bench.stream_.jitter_ns = 2e5;
    bench.take_heard();
    CHECK(std::fabs(listen(bench).latency_error_ns) < 50'000);
    CHECK_EQ(bench.count(ReceiverField::reanchors), 0);
}

TEST_CASE("a jump of the timestamps is followed within a second; a single odd one is passed over") {
    for (const uint32_t slip : {0x30000000u, 0xF0000000u, 200000u}) {
        CAPTURE(slip);
        ForeignBench bench(usual(3e-4), link_offset);
        settle(bench, 5);
        bench.timestamp_slip_ = slip;
        bench.step();
        bench.timestamp_slip_ = 0;
        play(bench, 1000);
        CHECK_EQ(bench.count(ReceiverField::reanchors), 0);
        bench.timestamp_slip_ = slip;
        play(bench, 1000);
        CHECK_EQ(bench.count(ReceiverField::reanchors), 1);
        CHECK_EQ(bench.count(ReceiverField::anchored), 1);
        bench.take_heard();
        const Second after = listen(bench);
        CHECK(after.tone.level == doctest::Approx(0.891).epsilon(1e-3));
        CHECK(std::fabs(after.latency_error_ns) < tolerance_ns);
    }
}

TEST_CASE("timestamps that slip by more than the link offset are followed too, in either direction") {
    for (const uint32_t slip : {4800u, static_cast<uint32_t>(-4800)}) {
        CAPTURE(slip);
        ForeignBench bench(usual(3e-4), link_offset);
        settle(bench, 5);
        bench.timestamp_slip_ = slip;
        play(bench, 2500);
        CHECK_EQ(bench.count(ReceiverField::reanchors), 1);
        bench.take_heard();
        const Second after = listen(bench);
        CHECK(after.tone.level == doctest::Approx(0.891).epsilon(1e-3));
        CHECK(std::fabs(after.latency_error_ns) < tolerance_ns);
    }
}

TEST_CASE("a longer way through the network is followed slowly, without a break") {
    ForeignBench bench(usual(3e-4), link_offset);
    settle(bench, 20);
    bench.network_delay_ns_ += 2'000'000;
    settle(bench, 60);
    const Second after = listen(bench);
    CHECK(std::fabs(after.latency_error_ns) < 50'000);
    CHECK_EQ(bench.count(ReceiverField::missing_frames), 0);
    CHECK_EQ(bench.count(ReceiverField::reanchors), 0);
}

TEST_CASE("after a change of sender or a step of the timeline the stream plays again, at the same latency") {
    ForeignBench bench(usual(3e-4), link_offset);
    settle(bench, 5);
    bench.playout().restart();
    CHECK_EQ(bench.count(ReceiverField::anchored), 0);
    settle(bench, 1);
    const Second after = listen(bench);
    CHECK(after.tone.level == doctest::Approx(0.891).epsilon(1e-3));
    CHECK(std::fabs(after.latency_error_ns) < tolerance_ns);
}

TEST_CASE("a stream that ends falls silent and costs nothing; when it comes back it plays on") {
    ForeignBench bench(usual(3e-4), link_offset);
    settle(bench, 5);
    bench.stream_.loss_chance = 1;
    settle(bench, 5);
    const uint64_t missing = bench.count(ReceiverField::missing_frames);
    settle(bench, 5);
    CHECK_EQ(bench.count(ReceiverField::missing_frames), missing);
    CHECK_EQ(bench.heard(bench.index_now() - 100), 0.0f);
    bench.stream_.loss_chance = 0;
    settle(bench, 1);
    const Second after = listen(bench);
    CHECK(after.tone.level == doctest::Approx(0.891).epsilon(1e-3));
    CHECK(std::fabs(after.latency_error_ns) < tolerance_ns);
}

TEST_CASE("a change of the link offset moves the latency by just that") {
    ForeignBench bench(usual(3e-4), link_offset);
    settle(bench, 5);
    for (const uint32_t changed : {2400u, 480u}) {
        bench.link_offset_ = changed;
        settle(bench, 1);
        CHECK(std::fabs(listen(bench).latency_error_ns) < tolerance_ns);
    }
    CHECK_EQ(bench.count(ReceiverField::reanchors), 0);
}

TEST_CASE("a stream of another rate than the device's is resampled to it") {
    for (const uint32_t rate : {44100u, 96000u}) {
        CAPTURE(rate);
        ForeignStream stream = usual(1e-4);
        stream.rate = rate;
        stream.frames = 96;
        ForeignBench bench(stream, link_offset);
        settle(bench, 30);
        const Second heard = listen(bench);
        CHECK(heard.tone.residual_db < largest_residual_db);
        CHECK(std::fabs(heard.latency_error_ns) < tolerance_ns);
        CHECK_EQ(bench.count(ReceiverField::missing_frames), 0);
    }
}

TEST_CASE("every channel of a wide stream comes out on the input it is routed to") {
    ForeignStream stream = usual(3e-4);
    stream.channels = 64;
    stream.frames = 6;
    ForeignBench bench(stream, link_offset);
    play(bench, 1000);
    CHECK_EQ(bench.count(ReceiverField::missing_frames), 0);
    CHECK_EQ(bench.allocations(), 0);
    for (int64_t index = bench.index_now() - 100; index < bench.index_now(); ++index) {
        for (uint32_t c = 0; c < 64; ++c)
            REQUIRE(std::fabs(bench.heard(index, c) - bench.heard(index, 0) / static_cast<float>(c + 1)) <
                    1e-6f);
    }
}

TEST_CASE("a stream at more than any device's rate is heard all the same") {
    ForeignStream stream = usual(1e-4);
    stream.rate = 705'600;
    stream.frames = 192;
    stream.spike_chance = 0;
    ForeignBench bench(stream, link_offset);
    settle(bench, 20);
    const Second heard = listen(bench);
    CHECK(heard.tone.level == doctest::Approx(0.891).epsilon(1e-3));
    CHECK(std::fabs(heard.latency_error_ns) < tolerance_ns);
    CHECK(bench.count(ReceiverField::missing_frames) == 0);
    CHECK(bench.allocations() == 0);
}

TEST_CASE("a codec's stage is run before resampling, and its delay is made up for") {
    ForeignStream stream = usual(1e-4);
    stream.loss_chance = 0;
    ForeignBench bench(stream, link_offset, device_rate, test::staged_l24<31>());
    settle(bench, 30);
    const Second heard = listen(bench);
    CHECK(heard.tone.level == doctest::Approx(0.891).epsilon(1e-3));
    CHECK(std::fabs(heard.latency_error_ns) < tolerance_ns);
    CHECK(heard.tone.residual_db < largest_residual_db);
    CHECK(bench.allocations() == 0);
}

TEST_CASE("playing begins, whatever is lost or moves between the first packet and the one that the resampler "
          "needs") {
    ForeignStream stream = usual(3e-4);
    stream.frames = 40; // of which the resampler can make nothing yet
    stream.jitter_ns = 2'000'000;
    stream.loss_chance = 0.1;
    ForeignBench bench(stream, 4800);
    for (int begin = 0; begin < 200; ++begin) {
        bench.playout().restart();
        play(bench, 500);
        REQUIRE_EQ(bench.value(ReceiverField::anchored), 1);
    }
    CHECK_EQ(bench.allocations(), 0);
}

} // namespace resampled_playout_test
