/// tutti-file as its users call it.
#include "client/region_claims.hpp"
#include "file/wav_reader.hpp"

#include "region_keeper.hpp"
#include "scratch.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

using namespace tutti::hal;
using namespace tutti::hal::test;

namespace file_driver_test {

namespace {

const std::string prbs = TUTTI_PRBS;

struct Fixture {
    Fixture() : keeper(options()) { keeper.start(); }
    static KeeperOptions options() {
        KeeperOptions options;
        options.path = region_path();
        options.inputs = options.outputs = 16;
        return options;
    }
    /// A WAV file with a signal of 8 channels.
    void make_signal(int frames, const std::string& rate = "48000") const {
        const std::string sox = "sox -t raw -r " + rate + " -e signed -b 24 -c 8 - -t wav " + signal.path();
        REQUIRE(run(prbs + " generate --channels 8 --format s24_3le --frames " + std::to_string(frames) +
                    " | " + sox)
                    .code == 0);
    }
    static std::string driver(const std::string& verb) {
        return std::string(TUTTI_FILE_DRIVER) + " " + verb + " --region " + region_path() + " ";
    }
    [[nodiscard]] CommandResult check(int frames) const {
        return run(prbs + " check --channels 8 --format s24_3le --raw-wav --allow-tail --min-frames " +
                   std::to_string(frames) + " < " + captured.path());
    }
    RegionKeeper keeper;
    ScratchFile signal{"signal.wav"};
    ScratchFile captured{"captured.wav"};
};

long number_after(const std::string& text, const std::string& key) {
    const std::size_t at = text.find(key);
    return at == std::string::npos ? -1 : std::atol(text.c_str() + at + key.size());
}

} // namespace

TEST_CASE("tutti-file: a file plays at the index it was given, and the recording begins where it was told") {
    Fixture f;
    f.make_signal(48000);
    const long at = f.keeper.now() + 48000; // a second to start both
    const CommandResult both =
        run(Fixture::driver("record") + "--first 9 --channels 8 --frames 72000 --format s24 --at " +
            std::to_string(at) + " " + f.captured.path() + " & recorder=$!; " + Fixture::driver("play") +
            "--first 9 --at " + std::to_string(at) + " " + f.signal.path() +
            "; echo play=$?; wait $recorder; echo record=$?");
    INFO(both.output);
    CHECK(both.output.find("play=0") != std::string::npos);
    CHECK(both.output.find("record=0") != std::string::npos);
    const CommandResult verdict = f.check(48000);
    CHECK(verdict.code == 0);
    CHECK(number_after(verdict.output, "\"lockedAt\":") == 12000); // the loop's offset, to the sample
    CHECK(number_after(verdict.output, "\"position\":") == 0);
}

TEST_CASE("tutti-file: what comes after its time is dropped, and the rest keeps its place") {
    Fixture f;
    f.make_signal(96000);
    const long at = f.keeper.now() - 40000;
    const CommandResult both =
        run(Fixture::driver("record") + "--channels 8 --frames 96000 --at " + std::to_string(at + 40000) +
            " --rf64 " + f.captured.path() + " & recorder=$!; " + Fixture::driver("play") + "--at " +
            std::to_string(at) + " " + f.signal.path() + "; echo play=$?; wait $recorder");
    INFO(both.output);
    CHECK(both.output.find("play=6") != std::string::npos);
    CHECK(number_after(both.output, "\"late\":") >= 40000);
    const CommandResult verdict = f.check(20000);
    INFO(verdict.output);
    CHECK(verdict.code == 0);
    const long locked = number_after(verdict.output, "\"lockedAt\":");
    CHECK(number_after(verdict.output, "\"position\":") == locked - 12000 + 40000);
}

TEST_CASE("tutti-file: a loop goes on without a seam until it is told to stop") {
    Fixture f;
    f.make_signal(5000);
    const CommandResult both =
        run(Fixture::driver("record") + "--channels 8 --frames 60000 " + f.captured.path() +
            " & recorder=$!; timeout -s "
            "INT 1.0 " +
            Fixture::driver("play") + "--loop " + f.signal.path() + "; wait $recorder");
    INFO(both.output);
    CHECK(number_after(both.output, "\"late\":") == 0);
    WavReader reader;
    REQUIRE(reader.open(f.captured.path()).empty());
    std::vector<float> samples(60000 * 8);
    REQUIRE(reader.read(samples.data(), 60000) == 60000);
    std::size_t start = 0;
    while (start < samples.size() && samples[start] == 0)
        ++start;
    REQUIRE(start / 8 + 20000 < 60000);
    for (std::size_t i = start; i < start + 15000 * 8; ++i)
        REQUIRE(samples[i] == samples[i + 5000 * 8]);
}

TEST_CASE("tutti-file: trouble has a reason and an exit code") {
    Fixture f;
    f.make_signal(1000, "44100");
    CHECK(run(Fixture::driver("play") + f.signal.path()).code == 1);
    CHECK(run(Fixture::driver("play") + f.signal.path()).output.find("44100 Hz, the device 48000 Hz") !=
          std::string::npos);
    f.make_signal(1000);
    CHECK(run(Fixture::driver("play") + "--first 10 " + f.signal.path()).code == 1);
    CHECK(run(Fixture::driver("play") + "/nowhere.wav").code == 1);
    CHECK(run(Fixture::driver("record") + "--channels 17 " + f.captured.path()).code == 1);
    CHECK(run(Fixture::driver("record") + f.captured.path()).code == 2);
    CHECK(run(Fixture::driver("play") + "--first 0 " + f.signal.path()).code == 2);
    CHECK(run(std::string(TUTTI_FILE_DRIVER) + " play --region /dev/shm/none " + f.signal.path()).code == 4);

    RegionMapping mapping;
    REQUIRE_FALSE(mapping.open(region_path()));
    RegionClaims claims(mapping);
    REQUIRE_FALSE(claims.claim_outputs(7, 1));
    const CommandResult busy = run(Fixture::driver("play") + f.signal.path());
    CHECK(busy.code == 5);
    CHECK(busy.output.find("output channel 8 is in use") != std::string::npos);
}

} // namespace file_driver_test
