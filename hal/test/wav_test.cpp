#include "file/wav_reader.hpp"
#include "file/wav_writer.hpp"

#include "scratch.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

using namespace tutti::hal;
using namespace tutti::hal::test;

namespace wav_test {

namespace {

std::vector<float> ramp(std::size_t samples) {
    std::vector<float> data(samples);
    for (std::size_t i = 0; i < samples; ++i)
        data[i] = (static_cast<float>(i % 65536) - 32768.0F) / 32768.0F;
    return data;
}

std::vector<char> contents(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void put(const std::string& path, const std::vector<char>& data) {
    std::ofstream(path, std::ios::binary).write(data.data(), static_cast<std::streamsize>(data.size()));
}

} // namespace

TEST_CASE("a WAV file reads back as it was written, in every format, plain and RF64") {
    const ScratchFile file("wav");
    for (const SampleFormat samples :
         {SampleFormat::s16, SampleFormat::s24_packed, SampleFormat::s32, SampleFormat::f32}) {
        for (const uint32_t channels : {1U, 2U, 3U, 64U}) {
            for (const bool rf64 : {false, true}) {
                const std::vector<float> data = ramp(1001 * channels);
                WavWriter writer;
                REQUIRE(writer.create(file.path(), {samples, channels, 48000}, rf64).empty());
                REQUIRE(writer.write(data.data(), 1000));
                REQUIRE(writer.write(data.data() + 1000 * channels, 1));
                REQUIRE(writer.finish());
                WavReader reader;
                REQUIRE(reader.open(file.path()).empty());
                CHECK(reader.frames() == 1001);
                CHECK(reader.format().channels == channels);
                CHECK(reader.format().rate == 48000);
                CHECK((reader.format().samples == samples));
                std::vector<float> back(data.size());
                CHECK(reader.read(back.data(), 5000) == 1001);
                CHECK(reader.read(back.data(), 1) == 0);
                CHECK(back == data);
                CHECK(contents(file.path()).size() % 2 == 0);
            }
        }
    }
}

TEST_CASE("a recording that was cut off can be read to its last whole frame") {
    const ScratchFile file("wav");
    const std::vector<float> data = ramp(2000);
    WavWriter writer;
    REQUIRE(writer.create(file.path(), {SampleFormat::s24_packed, 2, 96000}, false).empty());
    REQUIRE(writer.write(data.data(), 1000));
    // No finish: the program was killed, and half a frame is missing.
    const std::vector<char> bytes = contents(file.path());
    put(file.path(), {bytes.begin(), bytes.end() - 4});
    WavReader reader;
    REQUIRE(reader.open(file.path()).empty());
    CHECK(reader.frames() == 999);
}

TEST_CASE("sizes in a header never reach beyond the file") {
    const ScratchFile file("wav");
    const std::vector<float> data = ramp(100);
    WavWriter writer;
    REQUIRE(writer.create(file.path(), {SampleFormat::s16, 1, 48000}, false).empty());
    REQUIRE(writer.write(data.data(), 100));
    REQUIRE(writer.finish());
    std::vector<char> bytes = contents(file.path());
    const std::size_t size_at = bytes.size() - 200 - 4;
    for (const uint32_t lie : {0U, 0xFFFFFFFFU, 0xFFFFFFFEU, 1000000U}) {
        std::memcpy(bytes.data() + size_at, &lie, 4);
        put(file.path(), bytes);
        WavReader reader;
        REQUIRE(reader.open(file.path()).empty());
        CHECK(reader.frames() == 100);
    }
}

TEST_CASE("damaged headers are refused or read, never believed") {
    const ScratchFile file("wav");
    const std::vector<float> data = ramp(64 * 3);
    WavWriter writer;
    REQUIRE(writer.create(file.path(), {SampleFormat::s24_packed, 3, 48000}, true).empty());
    REQUIRE(writer.write(data.data(), 64));
    REQUIRE(writer.finish());
    const std::vector<char> good = contents(file.path());
    std::mt19937 random(1);
    std::vector<float> back;
    int refused = 0;
    for (int i = 0; i < 3000; ++i) {
        std::vector<char> bad = good;
        for (unsigned k = 0; k < 1 + random() % 4; ++k)
            bad[random() % 112] = static_cast<char>(random());
        if (random() % 4 == 0)
            bad.resize(random() % bad.size());
        put(file.path(), bad);
        WavReader reader;
        if (!reader.open(file.path()).empty()) {
            ++refused;
            continue;
        }
        REQUIRE(reader.frames() * reader.format().frame_bytes() <= bad.size());
        back.resize(reader.frames() * reader.format().channels);
        CHECK(reader.read(back.data(), reader.frames()) == reader.frames());
    }
    CHECK(refused > 1000);
}

TEST_CASE("what is no WAV file is refused with a reason") {
    const ScratchFile file("wav");
    WavReader reader;
    CHECK(reader.open(file.path()) == "No such file or directory");
    put(file.path(), std::vector<char>(1000, 'x'));
    CHECK(reader.open(file.path()) == "is not a WAV file");
    CHECK(reader.open("/dev/shm") == "is not a regular file");
}

} // namespace wav_test
