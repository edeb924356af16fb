// Codecs and clocks that are each wrong in one way, and sound ones to compare with: the suites must tell them
// apart.
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <thread>

#include "tutti/clock.h"
#include "tutti/codec.h"

namespace {

enum class Fault { none, far, gap, loss, wrap, nan, truncation, allocation };

// L8: one unsigned byte, 128 is silence (RFC 3551 section 4.5.10).
template <Fault fault>
void decode(const uint8_t* wire, size_t wire_stride, float* samples, size_t sample_stride, uint32_t channels,
            uint32_t frames) {
    for (uint32_t f = 0; f < frames; ++f) {
        for (uint32_t c = 0; c < channels; ++c) {
            const int byte = wire[f * wire_stride + c];
            samples[f * sample_stride + c] =
                static_cast<float>((fault == Fault::loss ? byte & ~1 : byte) - 128) / 128;
        }
    }
    if (fault == Fault::far && frames > 0 && channels > 0)
        samples[(frames - 1) * sample_stride + channels] = 0;
    if (fault == Fault::gap && frames > 1 && sample_stride > channels)
        samples[channels] = 0;
}

template <Fault fault>
void encode(const float* samples, size_t sample_stride, uint8_t* wire, size_t wire_stride, uint32_t channels,
            uint32_t frames) {
    void* memory = fault == Fault::allocation && frames > 0 ? std::malloc(frames) : nullptr;
    for (uint32_t f = 0; f < frames; ++f) {
        for (uint32_t c = 0; c < channels; ++c) {
            float scaled = samples[f * sample_stride + c] * 128;
            if (std::isnan(scaled))
                scaled = fault == Fault::nan ? 127 : 0;
            if (fault == Fault::wrap && std::isfinite(scaled) && std::fabs(scaled) < 1e6F)
                scaled = static_cast<float>(static_cast<int8_t>(static_cast<int>(scaled)));
            scaled = std::fmin(std::fmax(scaled, -128.0F), 127.0F);
            const float whole = fault == Fault::truncation ? std::trunc(scaled) : std::nearbyint(scaled);
            wire[f * wire_stride + c] = static_cast<uint8_t>(static_cast<int>(whole) + 128);
        }
    }
    std::free(memory);
}

int bold_probe(const uint8_t*, size_t, uint32_t) {
    return 200;
}

enum class StageFault { none, gap, allocation, delay };

template <StageFault fault> struct Stage {
    uint32_t channels;
    uint32_t delay = 0;

    static void* start(const tutti_stage_format* format, char*, size_t) {
        return new Stage{format->channels};
    }
    static void stop(void* handle) { delete static_cast<Stage*>(handle); }
    static uint32_t tell_delay(void* handle) {
        auto& stage = *static_cast<Stage*>(handle);
        return fault == StageFault::delay ? stage.delay++ : stage.delay;
    }
    static void reset(void*) {}
    static uint32_t run(void* handle, float* samples, size_t stride, uint32_t frames, uint32_t) {
        const uint32_t channels = static_cast<Stage*>(handle)->channels;
        if (fault == StageFault::gap && frames > 1 && stride > channels)
            samples[channels] = 0;
        void* memory = fault == StageFault::allocation && frames > 0 ? std::malloc(frames) : nullptr;
        std::free(memory);
        return 0;
    }
};

template <StageFault fault>
constexpr tutti_stage stage = {
    sizeof(tutti_stage),      TUTTI_ABI,           Stage<fault>::start, Stage<fault>::stop,
    Stage<fault>::tell_delay, Stage<fault>::reset, Stage<fault>::run};

template <Fault fault>
tutti_codec codec(const char* name, int (*probe)(const uint8_t*, size_t, uint32_t) = nullptr,
                  const tutti_stage* stage = nullptr) {
    return {sizeof(tutti_codec), TUTTI_ABI, name, 1, decode<fault>, encode<fault>, probe, stage};
}

const tutti_codec codecs[] = {codec<Fault::none>("SOUND"),
                              codec<Fault::far>("FAR"),
                              codec<Fault::gap>("GAP"),
                              codec<Fault::loss>("LOSS"),
                              codec<Fault::wrap>("WRAP"),
                              codec<Fault::nan>("NAN"),
                              codec<Fault::truncation>("TRUNCATES"),
                              codec<Fault::allocation>("ALLOCATES"),
                              codec<Fault::none>("BOLD", bold_probe),
                              codec<Fault::none>("STAGED", nullptr, &stage<StageFault::none>),
                              codec<Fault::none>("STAGE-GAP", nullptr, &stage<StageFault::gap>),
                              codec<Fault::none>("STAGE-ALLOCATES", nullptr, &stage<StageFault::allocation>),
                              codec<Fault::none>("STAGE-DELAYS", nullptr, &stage<StageFault::delay>)};

int64_t now_ns(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

enum class ClockFault { none, silent_step, after_stop, any_options };

// Publishes the wall clock every 20 ms.
template <ClockFault fault> class Clock {
  public:
    Clock(tutti_clock_publish_fn publish, void* context) : publish_(publish), context_(context) {
        tell();
        thread_ = std::thread([this] {
            while (!ending_) {
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
                tell();
            }
        });
    }
    void end() {
        if (fault == ClockFault::after_stop) {
            thread_.detach();
            return; // and goes on publishing
        }
        ending_ = true;
        thread_.join();
        delete this;
    }

    static void* start(const char* options, tutti_clock_publish_fn publish, void* context, char* error,
                       size_t error_bytes) {
        if (fault != ClockFault::any_options && std::strcmp(options, "{}") != 0) {
            std::snprintf(error, error_bytes, "It takes no options.");
            return nullptr;
        }
        return new Clock(publish, context);
    }
    static void stop(void* handle) { static_cast<Clock*>(handle)->end(); }

  private:
    void tell() {
        const int64_t local = now_ns(CLOCK_MONOTONIC);
        const int64_t offset = now_ns(CLOCK_REALTIME) - local;
        if (offset - offset_ > 100'000 || offset_ - offset > 100'000) {
            offset_ = offset;
            generation_ += fault == ClockFault::silent_step && generation_ > 0 ? 0 : 1;
        }
        tutti_clock_relation relation{};
        relation.size = sizeof relation;
        relation.abi = TUTTI_ABI;
        relation.state = tutti_clock_locked;
        relation.local_ns = local;
        relation.media_ns = local + offset_;
        relation.error_ns = -1;
        relation.generation = generation_;
        publish_(context_, &relation);
    }

    const tutti_clock_publish_fn publish_;
    void* const context_;
    int64_t offset_ = 0;
    uint64_t generation_ = 0;
    std::atomic<bool> ending_{false};
    std::thread thread_;
};

template <ClockFault fault> tutti_clock_source clock_source(const char* id) {
    return {sizeof(tutti_clock_source), TUTTI_ABI, id, Clock<fault>::start, Clock<fault>::stop, nullptr};
}

const tutti_clock_source clocks[] = {
    clock_source<ClockFault::none>("sound"), clock_source<ClockFault::silent_step>("silent-step"),
    clock_source<ClockFault::after_stop>("after-stop"), clock_source<ClockFault::any_options>("any-options")};

template <class Table, size_t count> const Table* const* pointers(const Table (&tables)[count]) {
    static const Table* all[count];
    for (size_t i = 0; i < count; ++i)
        all[i] = &tables[i];
    return all;
}

} // namespace

extern "C" __attribute__((visibility("default"))) const tutti_plugin*
tutti_plugin_entry(const tutti_host* host) {
    if (!host || host->abi >> 16 != TUTTI_ABI_MAJOR)
        return nullptr;
    static const tutti_plugin plugin = {sizeof(tutti_plugin),
                                        TUTTI_ABI,
                                        "broken",
                                        sizeof codecs / sizeof *codecs,
                                        pointers(codecs),
                                        sizeof clocks / sizeof *clocks,
                                        pointers(clocks)};
    return &plugin;
}
