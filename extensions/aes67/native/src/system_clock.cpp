#include "system_clock.hpp"

#include <pthread.h>
#include <sys/timex.h>

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <exception>
#include <utility>

#include "json_writer.hpp"
#include "system_clock_report.hpp"

namespace tutti::aes67 {
namespace {

using namespace std::chrono_literals;

constexpr auto period = 100ms;
constexpr int readings = 9; // a preempted one is wide; one of nine is not

int64_t nanoseconds(clockid_t clock) noexcept {
    timespec time{};
    clock_gettime(clock, &time);
    return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

} // namespace

ClockPair read_clock_pair(clockid_t wall) noexcept {
    ClockPair best{0, 0, INT64_MAX};
    for (int i = 0; i < readings; ++i) {
        const int64_t before = nanoseconds(CLOCK_MONOTONIC);
        const int64_t wall_ns = nanoseconds(wall);
        const int64_t after = nanoseconds(CLOCK_MONOTONIC);
        const int64_t half = (after - before + 1) / 2;
        if (half < best.half_bracket_ns)
            best = {before + (after - before) / 2, wall_ns, half};
    }
    return best;
}

SystemClock::SystemClock(std::function<ClockPair()> read, tutti_clock_publish_fn publish, void* context,
                         const tutti_host* host, const SystemClockOptions& options)
    : read_(std::move(read)), publish_(publish), context_(context), host_(host), options_(options),
      line_(read_()) {
    this->publish(nanoseconds(CLOCK_MONOTONIC)); // before the thread is, so that publishes never overlap
    thread_ = std::thread([this] { run(); });
}

SystemClock::~SystemClock() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void SystemClock::run() {
#if defined(__linux__)
    pthread_setname_np(pthread_self(), "tutti-sysclock");
#endif
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, period, [this] { return ending_; })) {
        lock.unlock();
        const ClockPair pair = read_();
        const int64_t before_ns = line_.wall_at(pair.local_ns);
        const bool stepped = line_.follow(pair);
        publish(pair.local_ns);
        if (stepped) {
            ++steps_;
            last_step_ns_ = pair.wall_ns - before_ns;
            report_step(last_step_ns_);
        }
        lock.lock();
    }
}

void SystemClock::publish(int64_t local_ns) const noexcept {
    tutti_clock_relation relation{};
    relation.size = sizeof relation;
    relation.abi = TUTTI_ABI;
    relation.state = tutti_clock_locked;
    relation.local_ns = local_ns;
    relation.media_ns = line_.wall_at(local_ns);
    relation.rate_deviation = 0; // see WallLine
    relation.error_ns = line_.error_ns();
    relation.generation = line_.generation();
    options_.grandmaster.write_to(relation);
    publish_(context_, &relation);
}

std::string SystemClock::report() const {
    return system_clock_report({options_.timescale, steps_, last_step_ns_});
}

void SystemClock::report_step(int64_t step_ns) const noexcept {
    if (!host_)
        return;
    char message[128];
    std::snprintf(message, sizeof message,
                  "The computer's clock was set by %+" PRId64 " us; media time follows.", step_ns / 1000);
    host_->log(1, "clock.system.step", message);
}

namespace {

const tutti_host* reporting_host = nullptr; // [control] only

void report_missing_tai_offset() noexcept {
    timex state{}; // modes 0: only read
    if (!reporting_host || adjtimex(&state) < 0 || state.tai != 0)
        return;
    reporting_host->log(0, "clock.system.tai-offset",
                        "The kernel's TAI offset is not set, so the system clock's media time is UTC.");
}

// The ABI's `start`. Nothing that is thrown leaves it.
void* start(const char* options, tutti_clock_publish_fn publish, void* context, char* error,
            size_t error_bytes) {
    const auto refuse = [&](const char* sentence) -> void* {
        if (error && error_bytes > 0)
            std::snprintf(error, error_bytes, "%s", sentence);
        return nullptr;
    };
    try {
        if (!publish)
            return refuse("The system clock was started without a function to publish to.");
        const SystemClockOptions parsed = parse_system_clock_options(options ? options : "");
        if (!parsed.error.empty())
            return refuse(parsed.error.c_str());
        const bool tai = parsed.timescale == Timescale::tai;
        if (tai)
            report_missing_tai_offset();
        const clockid_t wall = tai ? CLOCK_TAI : CLOCK_REALTIME;
        return new SystemClock([wall] { return read_clock_pair(wall); }, publish, context, reporting_host,
                               parsed);
    } catch (const std::exception& failure) {
        char sentence[256];
        std::snprintf(sentence, sizeof sentence, "The system clock could not start: %s.", failure.what());
        return refuse(sentence);
    }
}

void stop(void* handle) {
    delete static_cast<SystemClock*>(handle);
}

size_t report(void* handle, char* json, size_t bytes) {
    try {
        return hand_over(static_cast<const SystemClock*>(handle)->report(), json, bytes);
    } catch (const std::exception&) {
        return 0; // no memory: nothing to tell
    }
}

} // namespace

const tutti_clock_source& system_clock_source(const tutti_host* host) noexcept {
    static const tutti_clock_source source = {.size = sizeof(tutti_clock_source),
                                              .abi = TUTTI_ABI,
                                              .id = "system",
                                              .start = start,
                                              .stop = stop,
                                              .report = report};
    reporting_host = host;
    return source;
}

} // namespace tutti::aes67
