#include "file/dop_source.hpp"
#include "file/dsd_file.hpp"

#include "scratch.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <random>
#include <vector>

using namespace tutti::hal;
using namespace tutti::hal::test;

namespace dsd_test {

namespace {

using Bytes = std::vector<uint8_t>;

void put(const std::string& path, const Bytes& data) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
}

void text(Bytes& to, const char* id) {
    for (int i = 0; i < 4; ++i)
        to.push_back(static_cast<uint8_t>(id[i]));
}

void little(Bytes& to, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
        to.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void big(Bytes& to, uint64_t value, int bytes) {
    for (int i = bytes; i-- > 0;)
        to.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

uint8_t reversed(uint8_t byte) {
    uint8_t result = 0;
    for (int i = 0; i < 8; ++i)
        result = static_cast<uint8_t>(result << 1 | ((byte >> i) & 1));
    return result;
}

/// `bits[channel]` are bytes with the oldest bit first.
Bytes dsf(const std::vector<Bytes>& bits, uint32_t bit_rate, bool lsb_first) {
    constexpr std::size_t block = 4096;
    const std::size_t blocks = (bits[0].size() + block - 1) / block;
    Bytes file;
    text(file, "DSD ");
    little(file, 28, 8);
    little(file, 92 + blocks * block * bits.size(), 8);
    little(file, 0, 8);
    text(file, "fmt ");
    little(file, 52, 8);
    little(file, 1, 4);
    little(file, 0, 4);
    little(file, 2, 4);
    little(file, bits.size(), 4);
    little(file, bit_rate, 4);
    little(file, lsb_first ? 1 : 8, 4);
    little(file, 8 * bits[0].size(), 8);
    little(file, block, 4);
    little(file, 0, 4);
    text(file, "data");
    little(file, 12 + blocks * block * bits.size(), 8);
    for (std::size_t b = 0; b < blocks; ++b) {
        for (const Bytes& channel : bits) {
            for (std::size_t i = b * block; i < (b + 1) * block; ++i) {
                const uint8_t byte = i < channel.size() ? channel[i] : 0;
                file.push_back(lsb_first ? reversed(byte) : byte);
            }
        }
    }
    return file;
}

Bytes dff(const std::vector<Bytes>& bits, uint32_t bit_rate, const char* compression = "DSD ") {
    Bytes properties;
    text(properties, "SND ");
    text(properties, "FS  ");
    big(properties, 4, 8);
    big(properties, bit_rate, 4);
    text(properties, "CHNL");
    big(properties, 2 + 4 * bits.size(), 8);
    big(properties, bits.size(), 2);
    for (std::size_t i = 0; i < bits.size(); ++i)
        text(properties, i == 0 ? "SLFT" : "SRGT");
    text(properties, "CMPR");
    big(properties, 5, 8);
    text(properties, compression);
    properties.push_back(0); // a name of no letters
    properties.push_back(0); // filled up to an even length
    Bytes file;
    text(file, "FRM8");
    big(file, 4 + 12 + 4 + 12 + properties.size() + 12 + bits.size() * bits[0].size(), 8);
    text(file, "DSD ");
    text(file, "FVER");
    big(file, 4, 8);
    big(file, 0x01050000, 4);
    text(file, "PROP");
    big(file, properties.size(), 8);
    file.insert(file.end(), properties.begin(), properties.end());
    text(file, "DSD ");
    big(file, bits.size() * bits[0].size(), 8);
    for (std::size_t i = 0; i < bits[0].size(); ++i) {
        for (const Bytes& channel : bits)
            file.push_back(channel[i]);
    }
    return file;
}

std::vector<Bytes> random_bits(std::size_t channels, std::size_t bytes) {
    std::mt19937 random(7);
    std::vector<Bytes> bits(channels, Bytes(bytes));
    for (Bytes& channel : bits) {
        for (uint8_t& byte : channel)
            byte = static_cast<uint8_t>(random());
    }
    return bits;
}

uint32_t word(float sample) {
    return static_cast<uint32_t>(std::lrint(sample * 0x1p23F)) & 0xFFFFFF;
}

std::unique_ptr<DopSource> source_of(const std::string& path, uint32_t rate, std::string& problem) {
    DsdFile file;
    problem = file.open(path);
    return problem.empty() ? DopSource::create(std::move(file), rate, problem) : nullptr;
}

constexpr uint32_t dsd64 = 64 * 44100;

} // namespace

TEST_CASE("DSF and DSDIFF files give the same DoP words, with the markers alternating") {
    const ScratchFile file("dsd");
    const auto bits = random_bits(2, 10'000);
    for (const Bytes& content : {dsf(bits, dsd64, true), dsf(bits, dsd64, false), dff(bits, dsd64)}) {
        put(file.path(), content);
        CHECK(DsdFile::is_one(file.path()));
        std::string problem;
        const auto source = source_of(file.path(), 176'400, problem);
        REQUIRE_MESSAGE(source != nullptr, problem);
        CHECK(source->rate() == 176'400);
        CHECK(source->channels() == 2);
        REQUIRE(source->frames() == 5000);
        std::vector<float> samples(2 * 5000);
        // In odd parts, across the blocks of a DSF file.
        CHECK(source->read(samples.data(), 1777) == 1777);
        CHECK(source->read(samples.data() + 2 * 1777, 9999) == 3223);
        CHECK(source->read(samples.data(), 0) == 0);
        bool same = true;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const Bytes& channel = bits[i % 2];
            const std::size_t at = i / 2 * 2;
            const uint32_t marker = (i / 2) % 2 == 0 ? 0x05 : 0xFA;
            same &= word(samples[i]) == (marker << 16 | uint32_t{channel[at]} << 8 | channel[at + 1]);
        }
        CHECK(same);
    }
}

TEST_CASE("at half the rate a channel's words lie in two device channels, with other markers") {
    const ScratchFile file("dsd-pairs");
    const auto bits = random_bits(1, 8192);
    put(file.path(), dff(bits, 4 * dsd64)); // DSD256
    std::string problem;
    const auto source = source_of(file.path(), 352'800, problem);
    REQUIRE_MESSAGE(source != nullptr, problem);
    CHECK(source->channels() == 2);
    REQUIRE(source->frames() == 2048);
    std::vector<float> samples(4);
    REQUIRE(source->read(samples.data(), 2) == 2);
    const Bytes& b = bits[0];
    CHECK(word(samples[0]) == (0x060000u | uint32_t{b[0]} << 8 | b[1]));
    CHECK(word(samples[1]) == (0x060000u | uint32_t{b[2]} << 8 | b[3]));
    CHECK(word(samples[2]) == (0xF90000u | uint32_t{b[4]} << 8 | b[5]));
}

TEST_CASE("a file that begins again goes on with the other marker") {
    const ScratchFile file("dsd-loop");
    put(file.path(), dff(random_bits(1, 6), dsd64)); // three frames: an odd number
    std::string problem;
    const auto source = source_of(file.path(), 176'400, problem);
    REQUIRE(source != nullptr);
    std::vector<uint32_t> markers;
    for (int round = 0; round < 2; ++round, source->rewind()) {
        std::vector<float> samples(3);
        REQUIRE(source->read(samples.data(), 3) == 3);
        for (const float sample : samples)
            markers.push_back(word(sample) >> 16);
    }
    CHECK(markers == std::vector<uint32_t>{0x05, 0xFA, 0x05, 0xFA, 0x05, 0xFA});
}

TEST_CASE("a rate that carries the file in neither way is refused with the rates that do") {
    const ScratchFile file("dsd-rate");
    put(file.path(), dff(random_bits(2, 100), 4 * dsd64));
    std::string problem;
    CHECK(source_of(file.path(), 384'000, problem) == nullptr);
    CHECK(problem ==
          "is DSD of 11289600 bits a second: DoP carries it at 705600 Hz (which no device has: they end "
          "at 384000 Hz), or in pairs of channels at 352800 Hz, and the device runs at 384000 Hz");
}

TEST_CASE("damaged files are refused with a reason, or read as far as they go") {
    const ScratchFile file("dsd-damaged");
    const auto bits = random_bits(2, 9000);
    std::string problem;
    put(file.path(), dff(bits, dsd64, "DST "));
    CHECK(source_of(file.path(), 176'400, problem) == nullptr);
    CHECK(problem.find("compressed") != std::string::npos);
    std::mt19937 random(1);
    for (const Bytes& whole : {dsf(bits, dsd64, true), dff(bits, dsd64)}) {
        for (int round = 0; round < 2000; ++round) {
            Bytes content = whole;
            for (unsigned i = random() % 8; i-- > 0;)
                content[random() % 160] = static_cast<uint8_t>(random());
            if (round % 4 == 0)
                content.resize(random() % content.size());
            put(file.path(), content);
            const auto source = source_of(file.path(), 176'400, problem);
            if (source == nullptr) {
                CHECK(!problem.empty());
                continue;
            }
            CHECK(source->channels() >= 1);
            std::vector<float> samples(64 * source->channels());
            source->read(samples.data(), 64);
        }
    }
}

} // namespace dsd_test
