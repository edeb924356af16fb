// Every kernel that this machine can run, against the definition of the encodings and against the scalar
// twin.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "allocation_count.hpp"
#include "codec_conformance.hpp"
#include "codec_kernels.hpp"
#include "codec_scalar.hpp"
#include "codecs.hpp"

using namespace tutti::aes67;
using namespace tutti::test;

namespace codec_test {

namespace {

std::string name(const CodecKernels* kernels) {
    return kernels->name;
}

using Bytes = std::vector<uint8_t>;
using Samples = std::vector<float>;

template <class Wire> tutti_codec codec_of(const CodecKernels& kernels) {
    constexpr bool l16 = Wire::bytes == 2;
    return {sizeof(tutti_codec),
            TUTTI_ABI,
            l16 ? "L16" : "L24",
            Wire::bytes,
            l16 ? kernels.decode_l16 : kernels.decode_l24,
            l16 ? kernels.encode_l16 : kernels.encode_l24,
            nullptr,
            nullptr};
}

template <class Wire> Samples decode(const CodecKernels& kernels, const Bytes& wire) {
    Samples samples(wire.size() / Wire::bytes);
    codec_of<Wire>(kernels).decode(wire.data(), Wire::bytes, samples.data(), 1, 1,
                                   static_cast<uint32_t>(samples.size()));
    return samples;
}

template <class Wire> Bytes encode(const CodecKernels& kernels, const Samples& samples) {
    Bytes wire(samples.size() * Wire::bytes);
    codec_of<Wire>(kernels).encode(samples.data(), 1, wire.data(), Wire::bytes, 1,
                                   static_cast<uint32_t>(samples.size()));
    return wire;
}

template <class Wire> void write_value(Bytes& wire, size_t index, int32_t value) {
    uint8_t* const at = wire.data() + index * Wire::bytes;
    for (size_t byte = 0; byte < Wire::bytes; ++byte) {
        at[byte] = static_cast<uint8_t>(value >> (8 * (Wire::bytes - 1 - byte)));
    }
}

// The definition in other words than the code's: in double, where the product is exact and rounds once.
template <class Wire> int32_t defined_value(float sample) {
    if (std::isnan(sample))
        return 0;
    const double limit = std::ldexp(1.0, 8 * Wire::bytes - 1);
    const double rounded = std::nearbyint(static_cast<double>(sample) * limit);
    return static_cast<int32_t>(std::fmin(std::fmax(rounded, -limit), limit - 1));
}

template <class Wire> Bytes defined_wire(const Samples& samples) {
    Bytes wire(samples.size() * Wire::bytes);
    for (size_t i = 0; i < samples.size(); ++i)
        write_value<Wire>(wire, i, defined_value<Wire>(samples[i]));
    return wire;
}

constexpr int32_t chunk = 1 << 14;

// Calls `check` with all values of the encoding in ascending order, `chunk` at a time.
template <class Wire> void for_all_values(auto check) {
    constexpr int32_t limit = 1 << (8 * Wire::bytes - 1);
    for (int32_t first = -limit; first < limit; first += chunk)
        check(first);
}

Samples edge_cases() {
    using Limits = std::numeric_limits<float>;
    Samples samples = {
        0.0F,           -0.0F,         Limits::denorm_min(), -Limits::denorm_min(), Limits::min(),
        -Limits::min(), Limits::max(), Limits::lowest(),     Limits::infinity(),    -Limits::infinity(),
        1e9F,           -1e9F,         2147483648.0F,        -2147483648.0F};
    for (const uint32_t nan : {0x7FC00000U, 0xFFC00000U, 0x7F800001U, 0xFFFFFFFFU}) {
        samples.push_back(std::bit_cast<float>(nan));
    }
    for (const float around :
         {1.0F, -1.0F, 0.5F, -0.5F, 0x1p-15F, 0x1p-16F, 0x1p-23F, 0x1p-24F, -0x1p-24F, -0x1p-16F,
          32767.5F / 32768, 32766.5F / 32768, 8388607.5F / 8388608, 8388606.5F / 8388608}) {
        const float below = std::nextafterf(around, -2.0F);
        const float above = std::nextafterf(around, 2.0F);
        samples.insert(samples.end(),
                       {std::nextafterf(below, -2.0F), below, around, above, std::nextafterf(above, 2.0F)});
    }
    return samples;
}

} // namespace

TEST_CASE("Codec: kernels are listed from the fastest to the scalar ones, and the codecs use the first") {
    const auto usable = usable_kernels();
    REQUIRE(!usable.empty());
    CHECK(usable.back() == &scalar_kernels);
    CHECK(bool{l16_codec().decode == usable.front()->decode_l16});
    CHECK(bool{l24_codec().encode == usable.front()->encode_l24});
    std::string names;
    for (const CodecKernels* kernels : usable)
        names += " " + name(kernels);
    MESSAGE("kernels tested on this machine:", names);
}

TEST_CASE_TEMPLATE("Codec: every value on the wire decodes to value / 2^(bits-1) exactly and encodes back",
                   Wire, L16, L24) {
    Bytes wire(chunk * Wire::bytes);
    Samples expected(chunk);
    for_all_values<Wire>([&](int32_t first) {
        for (int32_t i = 0; i < chunk; ++i) {
            write_value<Wire>(wire, static_cast<size_t>(i), first + i);
            expected[static_cast<size_t>(i)] =
                static_cast<float>(std::ldexp(first + i, 1 - 8 * static_cast<int>(Wire::bytes)));
        }
        for (const CodecKernels* kernels : usable_kernels()) {
            const Samples samples = decode<Wire>(*kernels, wire);
            if (samples != expected || encode<Wire>(*kernels, samples) != wire) {
                FAIL_CHECK(name(kernels) << " differs within " << chunk << " values from " << first);
            }
        }
    });
}

TEST_CASE_TEMPLATE("Codec: every sample halfway between two values goes to the even one", Wire, L16, L24) {
    Samples samples(chunk);
    Bytes expected(chunk * Wire::bytes);
    for_all_values<Wire>([&](int32_t first) {
        for (int32_t i = 0; i < chunk; ++i) {
            // Exact: even next to full scale a float has one bit below the last of 24.
            samples[static_cast<size_t>(i)] = (static_cast<float>(first + i) + 0.5F) / Wire::scale;
            const int32_t even = i % 2 == 0 ? first + i : first + i + 1; // `first` is even
            write_value<Wire>(expected, static_cast<size_t>(i),
                              std::min(even, static_cast<int32_t>(Wire::highest)));
        }
        for (const CodecKernels* kernels : usable_kernels()) {
            if (encode<Wire>(*kernels, samples) != expected) {
                FAIL_CHECK(name(kernels) << " differs within " << chunk << " values from " << first);
            }
        }
    });
}

TEST_CASE_TEMPLATE("Codec: full scale, infinity, NaN and denormals encode as the contract says", Wire, L16,
                   L24) {
    const auto value_of = [](const CodecKernels& kernels, float sample) {
        const Bytes wire = encode<Wire>(kernels, Samples(8, sample));
        int32_t value = static_cast<int8_t>(wire[0]);
        for (size_t byte = 1; byte < Wire::bytes; ++byte)
            value = value * 256 + wire[byte];
        return value;
    };
    constexpr float infinity = std::numeric_limits<float>::infinity();
    constexpr auto highest = static_cast<int32_t>(Wire::highest);
    constexpr auto lowest = static_cast<int32_t>(Wire::lowest);
    for (const CodecKernels* kernels : usable_kernels()) {
        CAPTURE(name(kernels));
        CHECK(value_of(*kernels, 1.0F) == highest);
        CHECK(value_of(*kernels, std::nextafterf(1.0F, 0.0F)) == highest);
        CHECK(value_of(*kernels, -1.0F) == lowest);
        CHECK(value_of(*kernels, infinity) == highest);
        CHECK(value_of(*kernels, -infinity) == lowest);
        CHECK(value_of(*kernels, std::nanf("")) == 0);
        CHECK(value_of(*kernels, std::numeric_limits<float>::denorm_min()) == 0);
    }
    const Samples edges = edge_cases();
    for (const CodecKernels* kernels : usable_kernels()) {
        CAPTURE(name(kernels));
        CHECK(encode<Wire>(*kernels, edges) == defined_wire<Wire>(edges));
        for (const float edge : edges)
            CHECK(value_of(*kernels, edge) == defined_value<Wire>(edge));
    }
}

TEST_CASE_TEMPLATE("Codec: floats of any bits encode to the defined value", Wire, L16, L24) {
    std::mt19937 random(24);
    for (int round = 0; round < 64; ++round) {
        Samples samples(chunk);
        for (float& sample : samples) {
            // Every other one of audible size, else nearly all would clip or vanish.
            const auto bits = static_cast<uint32_t>(random());
            sample = round % 2 ? std::bit_cast<float>(bits)
                               : static_cast<float>(static_cast<int32_t>(bits)) * 0x1.1p-31F;
        }
        const Bytes expected = defined_wire<Wire>(samples);
        for (const CodecKernels* kernels : usable_kernels()) {
            if (encode<Wire>(*kernels, samples) != expected)
                FAIL_CHECK(name(kernels) << " differs in round " << round);
        }
    }
}

TEST_CASE_TEMPLATE("Codec: blocks of any shape keep their bits and touch nothing else", Wire, L16, L24) {
    for (const CodecKernels* kernels : usable_kernels()) {
        const std::string broken = broken_codec_promise(codec_of<Wire>(*kernels), 4000);
        CHECK_MESSAGE(broken.empty(), name(kernels), ": ", broken);
    }
}

TEST_CASE_TEMPLATE("Codec: vector kernels give the scalar twin's bytes and samples in blocks of any shape",
                   Wire, L16, L24) {
    const tutti_codec twin = codec_of<Wire>(scalar_kernels);
    const Samples edges = edge_cases();
    std::mt19937 random(16);
    for (int i = 0; i < 4000; ++i) {
        const BlockShape s = BlockShape::any(random, Wire::bytes, 130);
        Bytes wire(s.wire_bytes(Wire::bytes));
        for (uint8_t& byte : wire)
            byte = static_cast<uint8_t>(random());
        Samples samples(s.floats());
        for (float& sample : samples) {
            sample = random() % 4 ? static_cast<float>(static_cast<int32_t>(random())) * 0x1.1p-31F
                                  : edges[random() % edges.size()];
        }
        Samples twin_samples(s.floats(), -7.0F);
        Bytes twin_wire(wire.size(), 0x5A);
        twin.decode(wire.data(), s.wire_stride, twin_samples.data(), s.sample_stride, s.channels, s.frames);
        twin.encode(samples.data(), s.sample_stride, twin_wire.data(), s.wire_stride, s.channels, s.frames);
        for (const CodecKernels* kernels : usable_kernels()) {
            const tutti_codec codec = codec_of<Wire>(*kernels);
            Samples got_samples(s.floats(), -7.0F);
            Bytes got_wire(wire.size(), 0x5A);
            codec.decode(wire.data(), s.wire_stride, got_samples.data(), s.sample_stride, s.channels,
                         s.frames);
            codec.encode(samples.data(), s.sample_stride, got_wire.data(), s.wire_stride, s.channels,
                         s.frames);
            if (got_samples != twin_samples)
                FAIL_CHECK(name(kernels) << " decodes otherwise: " << s.text());
            if (got_wire != twin_wire)
                FAIL_CHECK(name(kernels) << " encodes otherwise: " << s.text());
        }
    }
}

TEST_CASE_TEMPLATE("Codec: empty blocks are no blocks", Wire, L16, L24) {
    for (const CodecKernels* kernels : usable_kernels()) {
        const tutti_codec codec = codec_of<Wire>(*kernels);
        codec.decode(nullptr, 8 * Wire::bytes, nullptr, 128, 8, 0);
        codec.decode(nullptr, 0, nullptr, 128, 0, 0);
        codec.encode(nullptr, 128, nullptr, 8 * Wire::bytes, 8, 0);
        float sample = 0.25F;
        uint8_t byte = 0x5A;
        codec.decode(&byte, 0, &sample, 1, 0, 1);
        codec.encode(&sample, 1, &byte, 0, 0, 1);
        CHECK(sample == 0.25F);
        CHECK(byte == 0x5A);
    }
}

TEST_CASE("Codec: neither decode nor encode allocates") {
    const uint64_t before_any = allocations();
    Samples ring(128 * 48, 0.25F);
    REQUIRE(allocations() > before_any); // the count counts
    Bytes wire(8 * 48 * 3);
    std::vector<tutti_codec> codecs = {l16_codec(), l24_codec()};
    for (const CodecKernels* kernels : usable_kernels()) {
        codecs.push_back(codec_of<L16>(*kernels));
        codecs.push_back(codec_of<L24>(*kernels));
    }
    const uint64_t before = allocations();
    for (const tutti_codec& codec : codecs) {
        for (const uint32_t channels : {1U, 2U, 5U, 8U}) {
            const size_t wire_stride = channels * codec.bytes_per_sample;
            codec.encode(ring.data(), 128, wire.data(), wire_stride, channels, 48);
            codec.decode(wire.data(), wire_stride, ring.data(), 128, channels, 48);
        }
    }
    CHECK(allocations() == before);
}

} // namespace codec_test
