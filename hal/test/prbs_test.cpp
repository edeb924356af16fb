/// The tool that proves everything else must itself be able to find a fault.
#include "../../test/tools/prbs/signal.hpp"
#include "scratch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace tutti::hal::test;

namespace prbs_test {

namespace {

constexpr std::size_t channels = 4;
constexpr std::size_t frame_bytes = channels * 3;
constexpr std::size_t frames = 5000;
const std::string prbs = TUTTI_PRBS;

std::vector<char> generate(const std::string& arguments) {
    const ScratchFile file("prbs");
    REQUIRE(run(prbs + " generate --channels 4 --format s24_3le " + arguments + " > " + file.path()).code ==
            0);
    std::ifstream in(file.path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

CommandResult check(const std::vector<char>& data, const std::string& arguments = "") {
    const ScratchFile file("prbs");
    std::ofstream(file.path(), std::ios::binary)
        .write(data.data(), static_cast<std::streamsize>(data.size()));
    return run(prbs + " check --channels 4 --format s24_3le " + arguments + " < " + file.path());
}

bool says(const CommandResult& result, const std::string& text) {
    INFO(result.output);
    return result.output.find(text) != std::string::npos;
}

} // namespace

TEST_CASE("prbs: an untouched signal is right, wherever it begins") {
    for (const std::string kind : {"prbs", "full-scale"}) {
        const std::vector<char> data = generate("--frames 5000 --start 123456 --signal " + kind);
        const CommandResult result = check(data, "--min-frames 5000");
        CHECK(result.code == 0);
        CHECK(says(result, "\"position\":123456"));
        CHECK(check(data, "--min-frames 5001").code == 1);
    }
}

TEST_CASE("prbs: no six samples of ten minutes at 192 kHz are found elsewhere") {
    // A repetition runs through the rest of two rounds of 2^16 frames: two looks a round see it.
    constexpr uint64_t half_round = 1U << 15;
    const tutti::prbs::Signal signal(tutti::prbs::SignalKind::prbs, 16);
    for (uint32_t channel = 0; channel < 8; ++channel) {
        for (uint64_t frame = half_round / 2; frame < uint64_t{600} * 192'000; frame += half_round) {
            std::vector<int32_t> samples;
            for (uint64_t i = 0; i < signal.needed(); ++i)
                samples.push_back(signal.sample(channel, frame + i));
            REQUIRE(signal.locate(channel, samples) == frame);
        }
    }
}

TEST_CASE("prbs: silence before the signal is skipped, after it only if that is allowed") {
    std::vector<char> data = generate("--frames 5000");
    data.insert(data.begin(), frame_bytes * 777, 0);
    CHECK(says(check(data), "\"lockedAt\":777"));
    data.insert(data.end(), frame_bytes * 100, 0);
    CHECK(check(data).code == 1);
    CHECK(check(data, "--allow-tail").code == 0);
}

TEST_CASE("prbs: one wrong bit is found and named") {
    for (const std::size_t byte :
         {std::size_t{3000} * frame_bytes, frames * frame_bytes - 1, frame_bytes * 100 + 5}) {
        for (const int bit : {0, 7}) {
            std::vector<char> data = generate("--frames 5000");
            data[byte] = static_cast<char>(data[byte] ^ 1 << bit);
            const CommandResult result = check(data, "--allow-tail");
            CHECK(result.code == 1);
            CHECK(says(result, "\"errors\":1,"));
            CHECK(says(result, "\"frame\":" + std::to_string(byte / frame_bytes) +
                                   ",\"channel\":" + std::to_string(byte % frame_bytes / 3)));
        }
    }
}

TEST_CASE("prbs: a dropped frame, a repeated frame and a gap are found, and the rest is followed") {
    std::vector<char> data = generate("--frames 5000");
    const auto middle = data.begin() + static_cast<std::ptrdiff_t>(2500 * frame_bytes);
    const auto frame = static_cast<std::ptrdiff_t>(frame_bytes);
    std::string first_wrong = "2500";
    SUBCASE("dropped") {
        data.erase(middle, middle + frame);
    }
    SUBCASE("repeated") {
        const std::vector<char> copy(middle, middle + frame);
        data.insert(middle, copy.begin(), copy.end());
        first_wrong = "2501"; // the repetition, not the frame itself
    }
    SUBCASE("gap") {
        data.insert(middle, 48 * frame_bytes, 0);
    }
    SUBCASE("half a sample lost") {
        data.erase(middle, middle + 1);
    }
    const CommandResult result = check(data, "--allow-tail");
    CHECK(result.code == 1);
    CHECK_FALSE(says(result, "\"errors\":0,"));
    CHECK(says(result, "\"frame\":" + first_wrong));
}

TEST_CASE("prbs: a gap of zeroes inside the signal is no tail") {
    std::vector<char> data = generate("--frames 5000");
    std::fill_n(data.begin() + 1000 * frame_bytes, 5 * frame_bytes, 0);
    const CommandResult result = check(data, "--allow-tail");
    CHECK(result.code == 1);
    CHECK(says(result, "\"errors\":20,\"firstError\":{\"frame\":1000"));
}

TEST_CASE("prbs: swapped and missing channels are found") {
    std::vector<char> data = generate("--frames 5000");
    SUBCASE("two swapped") {
        for (std::size_t i = 0; i < data.size(); i += frame_bytes) {
            std::swap_ranges(data.begin() + static_cast<std::ptrdiff_t>(i),
                             data.begin() + static_cast<std::ptrdiff_t>(i + 3),
                             data.begin() + static_cast<std::ptrdiff_t>(i + 3));
        }
        CHECK(says(check(data), "\"channelsMissing\":[0,1]"));
    }
    SUBCASE("all moved by one") {
        std::rotate(data.begin(), data.begin() + 3, data.end());
        CHECK(says(check(data), "\"lockedAt\":null"));
    }
    SUBCASE("the first silent") {
        for (std::size_t i = 0; i < data.size(); i += frame_bytes)
            data[i] = data[i + 1] = data[i + 2] = 0;
        CHECK(says(check(data), "\"channelsMissing\":[0]"));
    }
    SUBCASE("one a frame late") {
        for (std::size_t i = data.size() - 3; i >= frame_bytes; i -= frame_bytes) {
            std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(i - frame_bytes), 3,
                        data.begin() + static_cast<std::ptrdiff_t>(i));
        }
        CHECK(says(check(data), "\"channelsMissing\":[3]"));
    }
    CHECK(check(data, "--allow-tail").code == 1);
}

TEST_CASE("prbs: silence and noise are no signal") {
    CHECK(check(std::vector<char>(frames * frame_bytes, 0)).code == 1);
    std::vector<char> noise(frames * frame_bytes);
    uint32_t x = 1;
    for (char& byte : noise)
        byte = static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
    CHECK(says(check(noise), "\"lockedAt\":null"));
    CHECK(check({}).code == 1);
}

TEST_CASE("prbs: every format carries the same signal") {
    for (const std::string format :
         {"s16le", "s16be", "s24_3le", "s24be", "s24le", "s32le", "s32be", "f32le"}) {
        for (const std::string bits : {"16", "24"}) {
            if (format.substr(0, 3) == "s16" && bits == "24")
                continue;
            const std::string common = " --channels 3 --bits " + bits + " --format " + format;
            const CommandResult result = run(prbs + " generate --frames 2000" + common + " | " + prbs +
                                             " check --min-frames 2000" + common);
            INFO(format << " " << bits << ": " << result.output);
            CHECK(result.code == 0);
        }
    }
}

TEST_CASE("prbs: wrong usage is refused") {
    CHECK(run(prbs).code == 2);
    CHECK(run(prbs + " check --channels 2").code == 2);
    CHECK(run(prbs + " check --channels 2 --format s12le").code == 2);
    CHECK(run(prbs + " check --channels -1 --format s16le").code == 2);
    CHECK(run(prbs + " check --channels 2 --format s16le --bits 24").code == 2);
}

} // namespace prbs_test
