// A clock source: media time is this computer's wall clock, moved by a fixed time. Replace read_reference by
// your own; tutti/clock.h says what a source must do, and `npm test` whether it does.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <optional>
#include <thread>

#include "tutti/clock.h"

namespace {

using namespace std::chrono_literals;

constexpr auto period = 50ms;
constexpr int64_t second = 1'000'000'000;
constexpr int64_t step_ns = 1'000'000; // a reading further off than this is a step, not noise

struct Reading {
    int64_t local_ns;     // CLOCK_MONOTONIC
    int64_t reference_ns; // what the reference said then
};

std::optional<int64_t> read_clock(clockid_t clock) noexcept {
    timespec time{};
    if (clock_gettime(clock, &time) != 0)
        return std::nullopt;
    return int64_t{time.tv_sec} * second + time.tv_nsec;
}

int64_t local_now() noexcept {
    return read_clock(CLOCK_MONOTONIC).value_or(0);
}

// The reference and local time at one moment; nothing while the reference cannot be read.
std::optional<Reading> read_reference() noexcept {
    const int64_t before = local_now();
    const std::optional<int64_t> reference = read_clock(CLOCK_REALTIME);
    const int64_t after = local_now();
    if (!reference)
        return std::nullopt;
    return Reading{before + (after - before) / 2, *reference};
}

class Source {
  public:
    Source(int64_t shift_ns, tutti_clock_publish_fn publish, void* context)
        : shift_ns_(shift_ns), publish_(publish), context_(context) {
        update(); // a first relation before start returns
        thread_ = std::thread([this] { run(); });
    }
    ~Source() {
        ending_ = true;
        thread_.join(); // nothing is published after this
    }
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    size_t report(char* json, size_t bytes) const noexcept {
        char text[64];
        const int length = std::snprintf(text, sizeof text, R"({"counters":{"steps":%d}})", steps_.load());
        if (static_cast<size_t>(length) < bytes)
            std::memcpy(json, text, static_cast<size_t>(length) + 1);
        return static_cast<size_t>(length);
    }

  private:
    void run() noexcept {
        while (!ending_) {
            std::this_thread::sleep_for(period);
            update();
        }
    }

    void update() noexcept {
        const std::optional<Reading> reading = read_reference();
        if (reading)
            follow(*reading);
        tutti_clock_relation relation{};
        relation.size = sizeof relation;
        relation.abi = TUTTI_ABI;
        relation.state = reading            ? tutti_clock_locked
                         : generation_ == 0 ? tutti_clock_listening
                                            : tutti_clock_holdover;
        relation.local_ns = local_now();
        relation.media_ns = relation.local_ns + offset_ns_;
        relation.error_ns = -1;
        relation.generation = generation_;
        publish_(context_, &relation);
    }

    // Media time does not wander with the noise of readings: it stays on its line, or steps and says so.
    void follow(const Reading& reading) noexcept {
        const int64_t offset_ns = reading.reference_ns + shift_ns_ - reading.local_ns;
        if (generation_ > 0 && std::llabs(offset_ns - offset_ns_) < step_ns)
            return;
        steps_ += generation_ > 0 ? 1 : 0;
        offset_ns_ = offset_ns;
        ++generation_;
    }

    const int64_t shift_ns_;
    const tutti_clock_publish_fn publish_;
    void* const context_;
    int64_t offset_ns_ = 0; // media time - local time; this and the next of the constructor, then of thread_
    uint64_t generation_ = 0;
    std::atomic<int> steps_{0};
    std::atomic<bool> ending_{false};
    std::thread thread_;
};

// {} or {"shiftMs": NUMBER}: all that this clock takes. Use a JSON library when there is more.
std::optional<int64_t> parse_options(const char* options) noexcept {
    int shift_ms = 0;
    char brace = 0;
    char rest = 0;
    if (std::sscanf(options, " { %c %c", &brace, &rest) == 1 && brace == '}')
        return 0;
    if (std::sscanf(options, R"( { "shiftMs" : %d %c %c)", &shift_ms, &brace, &rest) == 2 && brace == '}')
        return int64_t{shift_ms} * 1'000'000;
    return std::nullopt;
}

void* start(const char* options, tutti_clock_publish_fn publish, void* context, char* error,
            size_t error_bytes) {
    const auto refuse = [&](const char* sentence) -> void* {
        std::snprintf(error, error_bytes, "%s", sentence);
        return nullptr;
    };
    const std::optional<int64_t> shift_ns = parse_options(options);
    if (!shift_ns)
        return refuse("The options must be {} or {\"shiftMs\": NUMBER}.");
    try {
        return new Source(*shift_ns, publish, context);
    } catch (const std::exception& failure) {
        return refuse(failure.what()); // no exception crosses the ABI
    }
}

void stop(void* handle) {
    delete static_cast<Source*>(handle);
}

size_t report(void* handle, char* json, size_t bytes) {
    return static_cast<const Source*>(handle)->report(json, bytes);
}

constexpr tutti_clock_source source = {
    sizeof(tutti_clock_source), TUTTI_ABI, "template-name", start, stop, report};
constexpr const tutti_clock_source* clocks[] = {&source};
constexpr tutti_plugin plugin = {sizeof(tutti_plugin), TUTTI_ABI, "template-name", 0, nullptr, 1, clocks};

} // namespace

// [control] The library's one exported symbol. An engine of another major version is refused.
extern "C" __attribute__((visibility("default"))) const tutti_plugin*
tutti_plugin_entry(const tutti_host* host) {
    return host && host->abi >> 16 == TUTTI_ABI_MAJOR ? &plugin : nullptr;
}
