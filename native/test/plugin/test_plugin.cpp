// Plug-ins for the engine's own tests: a plain L24 codec, a clock that speaks once, and
// libraries that must be refused. Built as shared libraries from this one file; VARIANT_* selects which.
#include "tutti/clock.h"
#include "tutti/codec.h"

#include <cstring>
#include <ctime>

namespace {

void decode(const uint8_t* wire, size_t wire_stride, float* samples, size_t sample_stride, uint32_t channels,
            uint32_t frames) {
#ifdef TEST_CRASH
    *static_cast<volatile int*>(nullptr) = 1;
#endif
    for (uint32_t f = 0; f < frames; ++f) {
        for (uint32_t c = 0; c < channels; ++c) {
            const uint8_t* w = wire + f * wire_stride + c * 3;
            const auto value = static_cast<int32_t>((uint32_t{w[0]} << 24) | (uint32_t{w[1]} << 16) |
                                                    (uint32_t{w[2]} << 8)) >>
                               8;
            samples[f * sample_stride + c] = static_cast<float>(value) / 8388608.0f;
        }
    }
}

void encode(const float* samples, size_t sample_stride, uint8_t* wire, size_t wire_stride, uint32_t channels,
            uint32_t frames) {
    for (uint32_t f = 0; f < frames; ++f) {
        for (uint32_t c = 0; c < channels; ++c) {
            const auto value = static_cast<int32_t>(samples[f * sample_stride + c] * 8388608.0f);
            uint8_t* w = wire + f * wire_stride + c * 3;
            w[0] = static_cast<uint8_t>(value >> 16);
            w[1] = static_cast<uint8_t>(value >> 8);
            w[2] = static_cast<uint8_t>(value);
        }
    }
}

#ifdef TEST_WRONG_ABI
constexpr uint32_t abi = (TUTTI_ABI_MAJOR + 1) << 16;
#elif defined(TEST_ABI_1_0)
constexpr uint32_t abi = 1 << 16;
#else
constexpr uint32_t abi = TUTTI_ABI;
#endif

#ifndef TEST_ENCODING
#define TEST_ENCODING "L24"
#endif
#ifdef TEST_ABI_1_0
constexpr size_t codec_size = offsetof(tutti_codec, stage);
#else
constexpr size_t codec_size = sizeof(tutti_codec);
#endif
#ifdef TEST_BAD_STAGE
constexpr tutti_stage stage{sizeof(tutti_stage), TUTTI_ABI, nullptr, nullptr, nullptr, nullptr, nullptr};
#elif defined(TEST_ABI_1_0)
// What lies behind an old library's table is anything.
const tutti_stage& stage = *reinterpret_cast<const tutti_stage*>(uintptr_t{1});
#endif
#if defined(TEST_BAD_STAGE) || defined(TEST_ABI_1_0)
const tutti_codec codec{codec_size, abi, TEST_ENCODING, 3, &decode, &encode, nullptr, &stage};
#else
constexpr tutti_codec codec{codec_size, abi, TEST_ENCODING, 3, &decode, &encode, nullptr, nullptr};
#endif
constexpr const tutti_codec* codecs[] = {&codec};

/// Publishes one relation, a day after the epoch, and then says no more: free-running but for the first word.
void* start_clock(const char*, tutti_clock_publish_fn publish, void* context, char*, size_t) {
    tutti_clock_relation relation{};
    relation.size = sizeof(relation);
    relation.abi = TUTTI_ABI;
    relation.state = tutti_clock_locked;
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    relation.local_ns = now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
    relation.media_ns = INT64_C(86400) * 1000000000;
    relation.error_ns = -1;
    publish(context, &relation);
    static int handle = 0;
    return &handle;
}

void stop_clock(void*) {}

size_t report_clock(void*, char* json, size_t bytes) {
    constexpr char text[] = R"({"role":"follower","offsetNs":-12.5})";
    if (sizeof text <= bytes)
        std::memcpy(json, text, sizeof text);
    return sizeof text - 1;
}

constexpr tutti_clock_source clock_source{
    sizeof(tutti_clock_source), TUTTI_ABI, "still", &start_clock, &stop_clock, &report_clock};
constexpr const tutti_clock_source* clocks[] = {&clock_source};
constexpr tutti_plugin plugin{sizeof(tutti_plugin), TUTTI_ABI, "test", 1, codecs, 1, clocks};

} // namespace

#ifndef TEST_NO_ENTRY
extern "C" __attribute__((visibility("default"))) const tutti_plugin*
tutti_plugin_entry(const tutti_host* host) {
    return host->abi >> 16 == TUTTI_ABI_MAJOR ? &plugin : nullptr;
}
#endif
