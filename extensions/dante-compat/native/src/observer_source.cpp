#include "observer_source.hpp"

#include <pthread.h>

#include <utility>

#include "clock_kit.hpp"
#include "observer_report.hpp"

namespace tutti::dante_compat {
namespace {

constexpr int64_t ms = 1'000'000;
constexpr int64_t tick_ns = 100 * ms;
constexpr int64_t watch_ns = 1'000 * ms;
constexpr int64_t report_ns = 500 * ms;
// Datagrams read of a socket at one wake-up: a flood must not keep the clock from being steered.
constexpr int most_datagrams = 32;

const char* name_of(tutti_clock_state state) noexcept {
    switch (state) {
    case tutti_clock_free_run:
        return "free-run";
    case tutti_clock_listening:
        return "listening";
    case tutti_clock_calibrating:
        return "calibrating";
    case tutti_clock_locked:
        return "locked";
    case tutti_clock_holdover:
        return "holdover";
    }
    return "";
}

} // namespace

ObserverSource::ObserverSource(const Options& options, tutti_clock_publish_fn publish, void* context,
                               const tutti_host* host, std::string& error)
    : options_(options), publish_(publish), context_(context), host_(host),
      stamps_(read_clock_pair(stamp_clock)) {
    interface_ = find_interface(options_.interface);
    if (interface_)
        error = sockets_.open(*interface_);
    if (!error.empty())
        return;
    // Until a leader is followed, media time is the system's, as it is with the system clock.
    const ClockPair now = read_tai_pair();
    observer_.emplace(options_.observer, now.local_ns, now.wall_ns);
    update_report(now.local_ns);
    this->publish(); // before the thread is, so that publishes never overlap
    thread_ = std::thread([this] { run(); });
}

ObserverSource::~ObserverSource() {
    end_.wake();
    if (thread_.joinable())
        thread_.join();
}

std::string ObserverSource::report() const {
    const std::lock_guard lock(mutex_);
    return report_;
}

void ObserverSource::run() {
#if defined(__linux__)
    pthread_setname_np(pthread_self(), "tutti-ptpv1");
#endif
    while (!end_.is_woken()) {
        wait();
        watch_interface(local_now());
        drain();
        observer_->advance(local_now());
        publish();
        say_what_changed();
        update_report(local_now());
    }
}

// Until something is to be read, or it is time to steer.
void ObserverSource::wait() const noexcept {
    pollfd fds[1 + ObserverSockets::count] = {{end_.fd(), POLLIN, 0}};
    for (size_t i = 0; i < ObserverSockets::count; ++i)
        fds[1 + i] = {sockets_.fds()[i], POLLIN, 0};
    wait_for_any(fds, tick_ns);
}

void ObserverSource::watch_interface(int64_t now) {
    if (now < next_watch_ns_)
        return;
    next_watch_ns_ = now + watch_ns;
    const auto found = find_interface(options_.interface);
    if (found && sockets_.is_open() && interface_ == found)
        return;
    interface_ = found;
    if (!found) {
        sockets_.close();
        say_missing("clock.ptpv1.interface-missing",
                    "PTPv1 has no interface " +
                        (options_.interface.empty() ? std::string("to listen on") : options_.interface) +
                        "; it begins by itself when there is one.");
        return;
    }
    const std::string error = sockets_.open(*found);
    if (!error.empty()) {
        say_missing("clock.ptpv1.sockets", error);
        return;
    }
    log(0, "clock.ptpv1.interface", "PTPv1 listens on " + found->name + ".");
    said_missing_ = false;
}

void ObserverSource::say_missing(const char* code, const std::string& message) {
    if (!said_missing_)
        log(1, code, message);
    said_missing_ = true;
}

void ObserverSource::drain() noexcept {
    if (!sockets_.is_open())
        return;
    Datagram datagram;
    for (size_t socket = 0; socket < ObserverSockets::count; ++socket) {
        for (int i = 0; i < most_datagrams && sockets_.receive(socket, datagram); ++i) {
            int64_t received_ns = local_now(); // of general messages only the content counts
            if (ObserverSockets::is_event(socket)) {
                stamped_ = datagram.stamped;
                // Read after the stamp was taken: so it vouches for it.
                stamps_.read(read_clock_pair(stamp_clock));
                const auto local_ns = stamps_.to_local(datagram.wall_ns);
                if (!local_ns)
                    continue;
                received_ns = *local_ns;
            }
            observer_->receive({{datagram.bytes.data(), datagram.length}, received_ns, datagram.source},
                               local_now());
        }
    }
}

void ObserverSource::publish() const noexcept {
    const tutti_clock_relation relation = observer_->relation();
    publish_(context_, &relation);
}

void ObserverSource::log(int severity, const char* code, const std::string& message) const noexcept {
    if (host_)
        host_->log(severity, code, message.c_str());
}

void ObserverSource::say_what_changed() {
    const Servo& servo = observer_->servo();
    if (!stamped_ && !std::exchange(said_unstamped_, true)) {
        log(1, "clock.ptpv1.user-timestamps",
            "The kernel gives no timestamps of arrivals; PTPv1 uses worse ones of its own.");
    }
    if (observer_->followed() != said_leader_) {
        said_leader_ = observer_->followed();
        say_leader();
    }
    if (servo.generation() != said_generation_) {
        said_generation_ = servo.generation();
        log(1, "clock.ptpv1.step",
            "Media time was set by " + std::to_string(servo.last_step_ns() / 1000) + " us to the leader's.");
    }
    if (servo.state() != said_state_) {
        said_state_ = servo.state();
        say_state();
    }
}

void ObserverSource::say_leader() const {
    const std::string subdomain = subdomain_names[options_.observer.subdomain];
    log(0, "clock.ptpv1.leader",
        said_leader_ ? "PTPv1 reads leader " + eui64_text(said_leader_->uuid) + " of " + subdomain + "."
                     : "PTPv1 hears no leader of " + subdomain + " any more.");
}

void ObserverSource::say_state() const {
    std::string sentence = std::string("PTPv1 is ") + name_of(said_state_);
    if (observer_->error_ns() >= 0)
        sentence += ", estimated error " + std::to_string(observer_->error_ns()) + " ns";
    if (said_state_ == tutti_clock_locked && !options_.observer.path_delay_ns)
        sentence += " with the path delay, which one who only listens cannot measure";
    log(said_state_ == tutti_clock_holdover ? 1 : 0, "clock.ptpv1.state", sentence + ".");
}

void ObserverSource::update_report(int64_t now) {
    if (now < next_report_ns_)
        return;
    next_report_ns_ = now + report_ns;
    std::string report = to_json(observer_->status(now), interface_, stamped_);
    const std::lock_guard lock(mutex_);
    report_ = std::move(report);
}

} // namespace tutti::dante_compat
