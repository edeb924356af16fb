#include "client/sample_format.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

using namespace tutti::hal;

namespace sample_format_test {

namespace {

/// The 24-bit integer of a container, for comparison.
int32_t word(SampleFormat format, const uint8_t* at) {
    switch (format) {
    case SampleFormat::s16: {
        int16_t value = 0;
        std::memcpy(&value, at, 2);
        return value;
    }
    case SampleFormat::s24_packed:
        return static_cast<int32_t>((at[0] | at[1] << 8 | at[2] << 16) << 8) >> 8;
    default: {
        int32_t value = 0;
        std::memcpy(&value, at, 4);
        return value;
    }
    }
}

int32_t encode_one(SampleFormat format, float sample) {
    uint8_t bytes[4] = {};
    encode_samples(format, &sample, bytes, 1);
    return word(format, bytes);
}

} // namespace

TEST_CASE("every 24-bit sample survives float in each container") {
    constexpr int32_t step =
        251; // coprime to the range: over all values of all containers in 251 rounds would be all
    std::vector<float> samples;
    for (int32_t value = -8388608; value <= 8388607; value += step) {
        samples.push_back(static_cast<float>(value) / 8388608.0F);
    }
    samples.push_back(8388607.0F / 8388608.0F);
    for (const SampleFormat format : {SampleFormat::s24, SampleFormat::s24_packed, SampleFormat::s32}) {
        std::vector<uint8_t> bytes(samples.size() * 4);
        std::vector<float> back(samples.size());
        encode_samples(format, samples.data(), bytes.data(), samples.size());
        decode_samples(format, bytes.data(), back.data(), samples.size());
        CHECK(back == samples);
    }
}

TEST_CASE("every 16-bit sample survives float") {
    std::vector<int16_t> all;
    for (int value = -32768; value <= 32767; ++value)
        all.push_back(static_cast<int16_t>(value));
    std::vector<float> samples(all.size());
    std::vector<int16_t> back(all.size());
    decode_samples(SampleFormat::s16, reinterpret_cast<const uint8_t*>(all.data()), samples.data(),
                   all.size());
    encode_samples(SampleFormat::s16, samples.data(), reinterpret_cast<uint8_t*>(back.data()), all.size());
    CHECK(back == all);
}

TEST_CASE("samples beyond full scale are clipped, and no number is silence") {
    const float infinity = std::numeric_limits<float>::infinity();
    CHECK(encode_one(SampleFormat::s16, 1.0F) == 32767);
    CHECK(encode_one(SampleFormat::s16, -1.5F) == -32768);
    CHECK(encode_one(SampleFormat::s24_packed, 1.0F) == 8388607);
    CHECK(encode_one(SampleFormat::s24, -infinity) == -8388608);
    CHECK(encode_one(SampleFormat::s32, infinity) == 0x7FFFFF00);
    CHECK(encode_one(SampleFormat::s32, std::nanf("")) == 0);
}

TEST_CASE("samples between two steps are rounded to the nearest, ties to even") {
    CHECK(encode_one(SampleFormat::s16, 0.4F / 32768) == 0);
    CHECK(encode_one(SampleFormat::s16, 0.6F / 32768) == 1);
    CHECK(encode_one(SampleFormat::s16, 0.5F / 32768) == 0);
    CHECK(encode_one(SampleFormat::s16, -1.5F / 32768) == -2);
}

TEST_CASE("the top byte of a 24-bit sample in 32 bits means nothing") {
    const uint8_t bytes[4] = {0xFF, 0xFF, 0xFF, 0x5A};
    float sample = 0;
    decode_samples(SampleFormat::s24, bytes, &sample, 1);
    CHECK(sample == -1.0F / 8388608.0F);
}

} // namespace sample_format_test
