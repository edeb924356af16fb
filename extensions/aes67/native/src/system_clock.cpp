#include "system_clock.hpp"

#include <pthread.h>

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <exception>
#include <utility>

#include "clock_pair.hpp"
#include "clock_source.hpp"
#include "json_writer.hpp"
#include "kernel_clock.hpp"
#include "system_clock_report.hpp"

namespace tutti::aes67 {
namespace {

using namespace std::chrono_literals;

constexpr auto period = 100ms;

} // namespace

SystemClock::SystemClock(std::function<ClockPair()> read, tutti_clock_publish_fn publish, void* context,
                         const tutti_host* host, const SystemClockOptions& options)
    : read_(std::move(read)), publish_(publish), context_(context), host_(host), options_(options),
      line_(read_()) {
    this->publish(local_now()); // before the thread is, so that publishes never overlap
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
            last_step_ns_ = line_.wall_at(pair.local_ns) - before_ns;
            report_step(last_step_ns_);
        }
        lock.lock();
    }
}

void SystemClock::publish(int64_t local_ns) const noexcept {
    tutti_clock_relation relation{};
    relation.size = sizeof relation;
    relation.abi = TUTTI_ABI;
    relation.state = line_.state();
    relation.local_ns = local_ns;
    relation.media_ns = line_.wall_at(local_ns);
    relation.rate_deviation = line_.rate();
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

void report_missing_tai_offset() {
    const auto kernel = read_kernel_clock();
    if (!reporting_host || !kernel || kernel->knows_offset)
        return;
    const std::string instead = kernel->utc_offset_s == 0 ? "so the system clock's media time is UTC."
                                                          : "so the system clock takes it to be " +
                                                                std::to_string(kernel->utc_offset_s) + " s.";
    reporting_host->log(0, "clock.system.tai-offset",
                        ("The kernel's TAI offset is not set, " + instead).c_str());
}

void* start(const char* options, tutti_clock_publish_fn publish, void* context, char* error,
            size_t error_bytes) {
    const StartRefusal refuse(error, error_bytes);
    return start_source("system", publish, refuse, [&]() -> void* {
        const SystemClockOptions parsed = parse_system_clock_options(options ? options : "");
        if (!parsed.error.empty())
            return refuse(parsed.error.c_str());
        const bool tai = parsed.timescale == Timescale::tai;
        if (tai)
            report_missing_tai_offset();
        return new SystemClock([tai] { return tai ? read_tai_pair() : read_clock_pair(CLOCK_REALTIME); },
                               publish, context, reporting_host, parsed);
    });
}

} // namespace

const tutti_clock_source& system_clock_source(const tutti_host* host) noexcept {
    static const tutti_clock_source source = source_of<SystemClock>("system", start);
    reporting_host = host;
    return source;
}

} // namespace tutti::aes67
