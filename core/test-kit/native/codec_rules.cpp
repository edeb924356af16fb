#include "codec_rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "allocation_count.hpp"
#include "codec_conformance.hpp"

namespace tutti::test {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes encode(const tutti_codec& codec, const std::vector<float>& samples) {
    Bytes wire(samples.size() * codec.bytes_per_sample);
    codec.encode(samples.data(), 1, wire.data(), codec.bytes_per_sample, 1,
                 static_cast<uint32_t>(samples.size()));
    return wire;
}

std::vector<float> decode(const tutti_codec& codec, const Bytes& wire) {
    std::vector<float> samples(wire.size() / codec.bytes_per_sample);
    codec.decode(wire.data(), codec.bytes_per_sample, samples.data(), 1, 1,
                 static_cast<uint32_t>(samples.size()));
    return samples;
}

// A block of one value each: vector code must treat it as single samples do.
float through(const tutti_codec& codec, float sample) {
    return decode(codec, encode(codec, std::vector<float>(37, sample)))[36];
}

std::string broken_range(const tutti_codec& codec) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const float highest = through(codec, infinity);
    const float lowest = through(codec, -infinity);
    if (!(highest > 0.9F && highest <= 1.0F) || !(lowest < -0.9F && lowest >= -1.0F))
        return "infinity is not clipped at full scale: it comes back as " + std::to_string(highest) +
               " and " + std::to_string(lowest);
    for (const float loud : {1.0F, 1.5F, 1e9F, std::numeric_limits<float>::max()}) {
        if (through(codec, loud) != highest || through(codec, -loud) != lowest)
            return std::to_string(loud) + " is not clipped at full scale";
    }
    if (through(codec, std::nanf("")) != 0)
        return "NaN comes back as " + std::to_string(through(codec, std::nanf(""))) + ", not as 0";
    for (const float silent : {0.0F, -0.0F, std::numeric_limits<float>::denorm_min()}) {
        if (through(codec, silent) != 0)
            return "silence comes back as " + std::to_string(through(codec, silent));
    }
    return "";
}

// Nearest: of a sample and what it became, no other value of the codec lies closer. The values next to it are
// found by encoding slightly more and less.
std::string broken_rounding(const tutti_codec& codec) {
    std::mt19937 random(3);
    const float step = std::ldexp(1.0F, -static_cast<int>(std::min(codec.bytes_per_sample * 8, 24U)));
    for (int i = 0; i < 20000; ++i) {
        const float sample = static_cast<float>(static_cast<int32_t>(random())) * 0x0.FFp-31F;
        const float here = through(codec, sample);
        if (through(codec, here) != here)
            return "a decoded sample does not encode to itself: " + std::to_string(here);
        for (const float nudge : {-4 * step, -2 * step, -step, step, 2 * step, 4 * step}) {
            const float other = through(codec, sample + nudge);
            if (std::fabs(other - sample) < std::fabs(here - sample))
                return std::to_string(sample) + " becomes " + std::to_string(here) + ", though " +
                       std::to_string(other) + " is nearer";
        }
    }
    return "";
}

std::string broken_empty(const tutti_codec& codec) {
    float sample = 0.25F;
    uint8_t byte = 0x5A;
    codec.decode(&byte, 0, &sample, 1, 0, 1);
    codec.encode(&sample, 1, &byte, 0, 0, 1);
    codec.decode(nullptr, 8, nullptr, 128, 8, 0);
    codec.encode(nullptr, 128, nullptr, 8, 8, 0);
    return sample == 0.25F && byte == 0x5A ? "" : "a block without channels or frames was written";
}

std::string broken_allocation(const tutti_codec& codec) {
    const uint64_t before_any = allocations();
    std::vector<float> ring(128 * 48, 0.25F);
    if (allocations() == before_any)
        return "allocations cannot be counted on this machine: glibc's malloc is interposed";
    Bytes wire(size_t{128} * 48 * codec.bytes_per_sample);
    const uint64_t before = allocations();
    for (const uint32_t channels : {1U, 2U, 5U, 8U, 64U, 128U}) {
        const size_t stride = size_t{channels} * codec.bytes_per_sample;
        codec.encode(ring.data(), 128, wire.data(), stride, channels, 48);
        codec.decode(wire.data(), stride, ring.data(), 128, channels, 48);
    }
    const uint64_t count = allocations() - before;
    return count == 0 ? "" : "decode and encode allocated " + std::to_string(count) + " times";
}

// Random samples, gaps, resets, blocks of any size, against inaccessible memory.
std::string broken_stage(const tutti_codec& codec) {
    if (!TUTTI_HAS(&codec, tutti_codec, stage) || !codec.stage)
        return "";
    const tutti_stage& stage = *codec.stage;
    std::mt19937 random(7);
    for (uint32_t round = 0; round < 64; ++round) {
        const uint32_t channels = round < 2 ? 127 + round : 1 + static_cast<uint32_t>(random() % 16);
        const tutti_stage_format format{sizeof(tutti_stage_format), TUTTI_ABI, channels, 176400, round & 1};
        char error[256] = "";
        void* handle = stage.start(&format, error, sizeof error);
        if (!handle)
            return "a stage of " + std::to_string(channels) + " channels does not start: " + error;
        const uint32_t delay = stage.delay(handle);
        std::string broken;
        for (int block = 0; block < 200 && broken.empty(); ++block) {
            const auto frames = static_cast<uint32_t>(random() % 80);
            const size_t stride = channels + (block % 2 ? random() % 9 : 0);
            const bool missing = random() % 4 == 0;
            const size_t floats = frames == 0 ? 0 : (frames - 1) * stride + channels;
            GuardedBytes memory((floats + 1) * sizeof(float), GuardedBytes::Touching::last_page);
            float* samples = memory.floats() + 1;
            const float canary = 0.3F;
            for (size_t i = 0; i < floats; ++i) {
                const float any = static_cast<float>(static_cast<int32_t>(random()) >> 8) * 0x1p-23F;
                samples[i] = i % stride >= channels ? canary : missing ? 0.0F : any;
            }
            const uint64_t before = allocations();
            const uint32_t content = stage.run(handle, samples, stride, frames, missing ? 1 : 0);
            if (random() % 16 == 0)
                stage.reset(handle);
            if (allocations() != before)
                broken = "run and reset allocated";
            if (content & ~uint32_t{TUTTI_CONTENT_DSD | TUTTI_CONTENT_DSD_PAIRS | TUTTI_CONTENT_WORDS})
                broken = "run answers bits that mean nothing: " + std::to_string(content);
            if (stage.delay(handle) != delay)
                broken = "the delay changed from " + std::to_string(delay) + " frames";
            for (size_t i = 0; i < floats; ++i) {
                if (i % stride >= channels && samples[i] != canary)
                    broken = "run wrote between frames";
                if (!std::isfinite(samples[i]))
                    broken = "run left what is no number";
            }
        }
        stage.stop(handle);
        if (!broken.empty())
            return broken;
    }
    return "";
}

std::string broken_probe(const tutti_codec& codec) {
    if (!codec.probe)
        return "";
    std::mt19937 random(5);
    for (int i = 0; i < 2000; ++i) {
        const size_t bytes = random() % 1500;
        GuardedBytes payload(bytes + 1, GuardedBytes::Touching::last_page);
        for (size_t b = 0; b <= bytes; ++b)
            payload.bytes()[b] = static_cast<uint8_t>(random());
        const int sure = codec.probe(payload.bytes() + 1, bytes, 1 + static_cast<uint32_t>(random() % 64));
        if (sure < 0 || sure > 100)
            return "probe answers " + std::to_string(sure) + ", not 0 to 100";
    }
    return "";
}

} // namespace

std::string broken_codec_rule(const tutti_codec& codec, const std::string& rule) {
    if (rule == "round-trip")
        return broken_codec_promise(codec);
    if (rule == "range")
        return broken_range(codec);
    if (rule == "rounding")
        return broken_rounding(codec);
    if (rule == "empty")
        return broken_empty(codec);
    if (rule == "allocation")
        return broken_allocation(codec);
    if (rule == "stage")
        return broken_stage(codec);
    if (rule == "probe")
        return broken_probe(codec);
    throw std::invalid_argument("there is no rule " + rule);
}

} // namespace tutti::test
