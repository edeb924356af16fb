/// Programs that we did not write, through the plug-in: what they play comes back through the loop, to the
/// bit.
#include "region_keeper.hpp"
#include "scratch.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

using namespace tutti::hal::test;

namespace programs_test {

namespace {

const std::string prbs = TUTTI_PRBS;
/// Before a program that keeps time: a busy machine does not make it late, where root may ask for that.
const std::string punctual = geteuid() == 0 ? "chrt --fifo 5 " : "";

struct Fixture {
    explicit Fixture(uint32_t rate = 48000) : keeper(options(rate)) {
        setenv("ALSA_CONFIG_PATH", write_alsa_config(TUTTI_PLUGIN).c_str(), 1);
        keeper.start();
    }
    static KeeperOptions options(uint32_t rate) {
        KeeperOptions options;
        options.path = region_path();
        options.rate = rate;
        options.loop_offset = rate / 4;
        return options;
    }
    RegionKeeper keeper;
};

/// One format as the programs and prbs call it.
struct Format {
    std::string alsa;
    std::string prbs;
};

std::string raw(const Format& format, int channels, int rate) {
    return " -q -t raw -f " + format.alsa + " -c " + std::to_string(channels) + " -r " +
           std::to_string(rate) + " ";
}

/// Records for 2 s while 1 s of signal plays, with these commands; `%` in them is the file. All of it must
/// come back, but for the first frames that the playing program itself is known to cut.
void loop(const std::string& play, const std::string& record, const Format& format, int channels,
          int rate = 48000, int cut_by_player = 0) {
    const ScratchFile signal("signal");
    const ScratchFile captured("captured");
    const auto with = [](std::string command, const std::string& path) {
        return command.replace(command.find('%'), 1, path);
    };
    const std::string shape = " --channels " + std::to_string(channels) + " --format " + format.prbs + " ";
    REQUIRE(
        run(prbs + " generate" + shape + "--frames " + std::to_string(rate) + " > " + signal.path()).code ==
        0);
    const CommandResult both =
        run(punctual + with(record, captured.path()) + " & recorder=$!; sleep 0.2; " + punctual +
            with(play, signal.path()) + "; played=$?; wait $recorder && exit $played");
    INFO(both.output);
    CHECK(both.code == 0);
    const CommandResult verdict = run(prbs + " check" + shape + "--allow-tail --min-frames " +
                                      std::to_string(rate - cut_by_player) + " < " + captured.path());
    INFO(verdict.output);
    CHECK(verdict.code == 0);
}

void loop_alsa(const Format& format, int channels, int rate = 48000) {
    const std::string frames = std::to_string(2 * rate);
    loop("aplay -D tutti" + raw(format, channels, rate) + "%",
         "arecord -D tutti" + raw(format, channels, rate) + "-s " + frames + " %", format, channels, rate);
}

} // namespace

TEST_CASE("aplay and arecord: every format comes back to the bit") {
    Fixture f;
    for (const Format& format : std::vector<Format>{{"S16_LE", "s16le"},
                                                    {"S24_LE", "s24le"},
                                                    {"S24_3LE", "s24_3le"},
                                                    {"S32_LE", "s32le"},
                                                    {"FLOAT_LE", "f32le"}}) {
        CAPTURE(format.alsa);
        loop_alsa(format, 2);
    }
}

TEST_CASE("aplay and arecord: all 128 channels at once") {
    Fixture f;
    loop_alsa({"S24_3LE", "s24_3le"}, 128);
}

TEST_CASE("aplay and arecord: an odd count of channels, and other rates") {
    {
        Fixture f(44100);
        loop_alsa({"S24_3LE", "s24_3le"}, 7, 44100);
    }
    Fixture f(192000);
    loop_alsa({"S32_LE", "s32le"}, 8, 192000);
}

TEST_CASE("aplay and arecord: memory-mapped") {
    Fixture f;
    const Format format{"S24_LE", "s24le"};
    loop("aplay -M -D tutti:4,9" + raw(format, 4, 48000) + "%",
         "arecord -M -D tutti:4,9" + raw(format, 4, 48000) + "-s 96000 %", format, 4);
}

TEST_CASE("two programs play and two record at once, each its own channels") {
    Fixture f;
    const Format format{"S16_LE", "s16le"};
    const ScratchFile one("one");
    const ScratchFile two("two");
    const ScratchFile captured_one("captured.one");
    const ScratchFile captured_two("captured.two");
    const std::string shape = " --channels 3 --format s16le ";
    run(prbs + " generate" + shape + "--frames 48000 > " + one.path());
    run(prbs + " generate" + shape + "--frames 48000 --first-channel 50 > " + two.path());
    const std::string common = raw(format, 3, 48000);
    const CommandResult all =
        run(punctual + "arecord -D tutti:3,1" + common + "-s 110000 " + captured_one.path() + " & " +
            punctual + "arecord -D tutti:3,4" + common + "-s 110000 " + captured_two.path() +
            " & sleep 0.2; " + punctual + "aplay -D tutti:3,1" + common + one.path() + " & " + punctual +
            "aplay -D tutti:3,4" + common + two.path() + " & wait");
    INFO(all.output);
    CHECK(all.output.empty());
    const std::string check = prbs + " check" + shape + "--allow-tail --min-frames 48000 ";
    CHECK(run(check + "< " + captured_one.path()).code == 0);
    CHECK(run(check + "--first-channel 50 < " + captured_two.path()).code == 0);
}

TEST_CASE("aplay is told which channel is taken, and gets it once its holder was killed") {
    Fixture f;
    const std::string play = "aplay -q -D tutti:2,5 -t raw -f S16_LE -c 2 -r 48000 ";
    const CommandResult result = run(play + "/dev/zero & holder=$!; sleep 0.5; " + play +
                                     "-d 1 /dev/zero; echo first $?; kill -9 $holder; wait "
                                     "$holder; " +
                                     play + "-d 1 /dev/zero; echo second $?");
    INFO(result.output);
    CHECK(result.output.find("output channel 5 is in use by aplay (pid ") != std::string::npos);
    CHECK(result.output.find("Device or resource busy") != std::string::npos);
    CHECK(result.output.find("first 1") != std::string::npos);
    CHECK(result.output.find("second 0") != std::string::npos);
}

TEST_CASE("ffmpeg plays and records to the bit") {
    Fixture f;
    const std::string quiet = "ffmpeg -nostdin -hide_banner -loglevel error ";
    loop(quiet + "-f s32le -ar 48000 -ac 2 -i % -c:a pcm_s32le -f alsa tutti",
         quiet + "-y -f alsa -sample_rate 48000 -channels 2 -c:a pcm_s32le -i tutti -t 2 -f s32le %",
         {"", "s32le"}, 2);
}

TEST_CASE("sox plays and records to the bit") {
    Fixture f;
    const std::string shape = " -r 48000 -c 2 -e signed -b 24 ";
    loop("sox -V1 -D -q -t raw" + shape + "% -t alsa tutti",
         "sox -V1 -D -q -t alsa" + shape + "tutti -t raw % trim 0 2", {"", "s24_3le"}, 2);
}

TEST_CASE("gstreamer plays and records to the bit") {
    Fixture f;
    // alsasink aligns its first buffer to the pipeline's clock and may cut it by a few frames.
    constexpr int cut = 480;
    const std::string caps = "audio/x-raw,format=S32LE,rate=48000,channels=2,layout=interleaved";
    loop("gst-launch-1.0 -q filesrc location=% ! rawaudioparse format=pcm pcm-format=s32le sample-rate=48000 "
         "num-channels=2 ! alsasink device=tutti",
         "gst-launch-1.0 -q alsasrc device=tutti num-buffers=200 provide-clock=false ! '" + caps +
             "' ! filesink location=%",
         {"", "s32le"}, 2, 48000, cut);
}

TEST_CASE("a program that has never heard of the region gets the reason on its standard error") {
    { Fixture f; }
    const CommandResult result = run("arecord -q -D tutti -f S16_LE -c 2 -r 48000 -d 1 /dev/null");
    CHECK(result.code == 1);
    CHECK(result.output.find("is the engine running?") != std::string::npos);
}

} // namespace programs_test
