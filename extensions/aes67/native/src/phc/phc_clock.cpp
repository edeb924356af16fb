#include "phc/phc_clock.hpp"

#include <pthread.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <utility>

#include "clock_pair.hpp"
#include "clock_source.hpp"
#include "json_writer.hpp"
#include "kernel_clock.hpp"
#include "phc/phc_clock_options.hpp"
#include "phc/phc_device.hpp"

namespace tutti::aes67::phc {
namespace {

using namespace std::chrono_literals;

constexpr auto period = 62'500us;
constexpr unsigned reopen_every = 1s / period; // readings
constexpr int64_t least_told_step_ns = 1'000;

} // namespace

PhcClock::PhcClock(Read read, Reopen reopen, std::string name, const NamedGrandmaster& grandmaster,
                   tutti_clock_publish_fn publish, void* context, const tutti_host* host)
    : read_(std::move(read)), reopen_(std::move(reopen)), grandmaster_(grandmaster), publish_(publish),
      context_(context), host_(host), servo_(local_now(), read_tai_pair().wall_ns), name_(std::move(name)) {
    servo_.assume_path_delay(0);
    servo_.follow_other();
    servo_.set_qualified(true);
    servo_.set_sync_interval(std::chrono::nanoseconds(period).count());
    look();
    this->publish(local_now()); // before the thread is, so that publishes never overlap
    thread_ = std::thread([this] { run(); });
}

PhcClock::~PhcClock() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void PhcClock::run() {
#if defined(__linux__)
    pthread_setname_np(pthread_self(), "tutti-phc");
#endif
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, period, [this] { return ending_; })) {
        lock.unlock();
        look();
        publish(servo_.line().local_ns());
        tell_changes();
        lock.lock();
    }
}

std::optional<ClockPair> PhcClock::read() {
    const auto pair = read_();
    unanswered_ = pair ? 0 : unanswered_ + 1;
    if (unanswered_ == 0 || unanswered_ % reopen_every != 0)
        return pair;
    auto name = reopen_();
    if (!name)
        return std::nullopt;
    {
        const std::lock_guard lock(mutex_);
        name_ = std::move(*name);
    }
    return read_();
}

void PhcClock::look() {
    const auto pair = read();
    if (pair) {
        bracket_ns_ = pair->half_bracket_ns;
        servo_.sync({pair->local_ns, pair->wall_ns}, pair->local_ns);
    }
    const bool answered = std::exchange(answers_, pair.has_value());
    if (answered != answers_ && host_) {
        host_->log(answers_ ? 0 : 1, "clock.phc.answer",
                   (name_ + (answers_ ? " answers again."
                                      : " does not answer any more; media time goes on at the "
                                        "rate that was learned."))
                       .c_str());
    }
    servo_.advance(local_now());
    const std::lock_guard lock(mutex_);
    ++(pair ? facts_.readings : facts_.missed);
    facts_.steps = servo_.generation() - 1;
    facts_.last_step_ns = servo_.last_step_ns();
    facts_.bracket_ns = bracket_ns_;
    facts_.offset_ns = servo_.offset_ns();
    facts_.rate = servo_.estimate().rate();
}

void PhcClock::publish(int64_t now) const noexcept {
    const ptp::SlewedLine& line = servo_.line();
    tutti_clock_relation relation{};
    relation.size = sizeof relation;
    relation.abi = TUTTI_ABI;
    relation.state = servo_.state();
    relation.local_ns = now;
    relation.media_ns = line.at(now);
    relation.rate_deviation = line.rate();
    relation.error_ns = servo_.error_ns() < 0 ? -1 : servo_.error_ns() + bracket_ns_;
    relation.generation = servo_.generation();
    if (servo_.generation() > 1)
        grandmaster_.write_to(relation);
    publish_(context_, &relation);
}

// The first lock is no surprise, later steps are.
void PhcClock::tell_changes() {
    if (servo_.generation() == said_generation_)
        return;
    const bool first = std::exchange(said_generation_, servo_.generation()) == 1;
    if (!host_ || std::llabs(servo_.last_step_ns()) < least_told_step_ns)
        return;
    const std::string by = std::to_string(servo_.last_step_ns() / 1000);
    host_->log(first ? 0 : 1, "clock.phc.step",
               ("Media time was set by " + by + " us to that of " + name_ + ".").c_str());
}

std::string PhcClock::report() const {
    std::unique_lock lock(mutex_);
    const Facts facts = facts_;
    const std::string name = name_;
    lock.unlock();
    JsonWriter json;
    json.begin_object().name("interfaces").begin_array().begin_object();
    json.member("name", name).member("timestamping", "hardware").end_object().end_array();
    if (facts.offset_ns)
        json.member("offsetNs", *facts.offset_ns);
    json.name("ratePpm").value(facts.rate * 1e6, 4);
    json.name("counters")
        .begin_object()
        .member("readings", facts.readings)
        .member("missedReadings", facts.missed)
        .member("halfBracketNs", facts.bracket_ns)
        .member("steps", facts.steps)
        .end_object();
    return json.member("lastStepNs", facts.last_step_ns).end_object().text();
}

namespace {

const tutti_host* reporting_host = nullptr; // [control] only

void* start(const char* options, tutti_clock_publish_fn publish, void* context, char* error,
            size_t error_bytes) {
    const StartRefusal refuse(error, error_bytes);
    return start_source("hardware", publish, refuse, [&]() -> void* {
        const PhcClockOptions parsed = parse_phc_clock_options(options ? options : "");
        if (!parsed.error.empty())
            return refuse(parsed.error.c_str());
        const auto device = std::make_shared<PhcDevice>(); // std::function wants to copy it
        if (const std::string failure = device->open(parsed.device); !failure.empty())
            return refuse(failure.c_str());
        const auto reopen = [device, wanted = parsed.device] {
            return device->open(wanted).empty() ? std::optional(device->name()) : std::nullopt;
        };
        return new PhcClock([device] { return device->read(); }, reopen, device->name(), parsed.grandmaster,
                            publish, context, reporting_host);
    });
}

} // namespace

const tutti_clock_source& phc_clock_source(const tutti_host* host) noexcept {
    static const tutti_clock_source source = source_of<PhcClock>("phc", start);
    reporting_host = host;
    return source;
}

} // namespace tutti::aes67::phc
