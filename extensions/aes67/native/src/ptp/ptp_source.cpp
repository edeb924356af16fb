#include "ptp/ptp_source.hpp"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <span>

#include "clock_pair.hpp"
#include "kernel_clock.hpp"
#include "ptp/own_identity.hpp"

namespace tutti::aes67::ptp {
namespace {

constexpr int64_t ms = 1'000'000;
constexpr int64_t tick_ns = 100 * ms;
constexpr int64_t watch_ns = 1'000 * ms;
constexpr int64_t remember_ns = 500 * ms;
constexpr int64_t least_told_step_ns = 1'000;
// Datagrams read at one wake-up: a flood must not keep the clock from being steered.
constexpr int most_datagrams = 64;
// By how much a kernel's stamp of an arrival may be later than the card's: interrupts are held back, and then
// wait.
constexpr int64_t most_interrupt_ns = 10 * ms;
constexpr int64_t slack_ns = 20'000; // readings of clocks are not better than that on a bad day
constexpr const char* card_misfits = "the network card's timestamps do not fit its clock";

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

PtpSource::PtpSource(const Options& options, tutti_clock_publish_fn publish, void* context,
                     const tutti_host* host, std::string& error)
    : options_(options), publish_(publish), context_(context), host_(host),
      stamps_(read_clock_pair(stamp_clock)) {
    for (const std::string& wanted : options_.interfaces) {
        Link& link = links_.emplace_back();
        link.wanted = wanted;
        link.port = static_cast<uint16_t>(links_.size());
        link.interface = find_interface(wanted);
        if (link.interface)
            error = open(link);
        if (!error.empty())
            return;
    }
    ClockConfig config;
    config.identity = own_identity(links_.front().interface.value_or(Interface{}).mac);
    config.ports = static_cast<uint16_t>(links_.size());
    config.domain = options_.domain;
    config.log_delay_interval = options_.log_delay_interval;
    config.delay_mode = options_.delay_mode;
    config.seed = std::random_device{}();
    config.grandmaster = options_.grandmaster;
    if (config.grandmaster)
        config.grandmaster->time = kernel_time_properties();
    // Until a master is followed, media time is the system's, as it is with the system clock.
    const ClockPair now = read_tai_pair();
    clock_.emplace(config, now.local_ns, now.wall_ns);
    remember();
    this->publish(); // before the thread is, so that publishes never overlap
    thread_ = std::thread([this] { run(); });
}

PtpSource::~PtpSource() {
    end_.wake();
    if (thread_.joinable())
        thread_.join();
}

ClockStatus PtpSource::status() const {
    const std::lock_guard lock(mutex_);
    return remembered_.clock;
}

std::string PtpSource::report() const {
    std::unique_lock lock(mutex_);
    const PtpReport remembered = remembered_;
    lock.unlock();
    return to_json(remembered);
}

void PtpSource::run() {
#if defined(__linux__)
    pthread_setname_np(pthread_self(), "tutti-ptp");
#endif
    while (!end_.is_woken()) {
        wait(local_now());
        watch_interfaces(local_now());
        for (Link& link : links_) {
            drain(link);
            take_departures(link);
        }
        send_due();
        clock_->advance(local_now());
        listen();
        publish();
        tell_changes();
        if (const int64_t now = local_now(); now >= next_report_ns_) {
            next_report_ns_ = now + remember_ns;
            remember();
        }
    }
}

void PtpSource::listen() noexcept {
    std::optional<ClockIdentity> master;
    if (clock_->master())
        master = clock_->master()->clock;
    for (Link& link : links_)
        link.sockets.listen_to(master, clock_->is_grandmaster());
}

// Until something is to be read or sent, or it is time to steer.
void PtpSource::wait(int64_t now) noexcept {
    std::array<pollfd, 1 + 2 * Options::most_interfaces> fds{{{end_.fd(), POLLIN, 0}}};
    size_t count = 1;
    int64_t timeout = tick_ns;
    for (const Link& link : links_) {
        fds[count++] = {link.sockets.fd(Sockets::Channel::event), POLLIN, 0};
        fds[count++] = {link.sockets.fd(Sockets::Channel::general), POLLIN, 0};
        if (link.sockets.awaits_departure())
            timeout = 20 * ms;
    }
    timeout = std::min(timeout, std::max(clock_->due_ns(), now) - now);
    wait_for_any(std::span(fds).first(count), timeout);
}

void PtpSource::watch_interfaces(int64_t now) {
    if (now < next_watch_ns_)
        return;
    next_watch_ns_ = now + watch_ns;
    for (Link& link : links_)
        watch(link, now);
}

void PtpSource::watch(Link& link, int64_t now) {
    const auto found = find_interface(link.wanted);
    if (found && link.sockets.is_open() && !should_reopen(link.interface, *found)) {
        link.interface = found;
        return;
    }
    if (!found) {
        link.sockets.close();
        if (!link.said_missing) {
            log(1, "clock.ptp.interface-missing",
                "PTP has no interface " + (link.wanted.empty() ? "to run on" : link.wanted) +
                    "; it begins by itself when there is one.");
        }
        link.said_missing = true;
        return;
    }
    link.interface = found;
    const std::string error = open(link);
    if (error.empty()) {
        clock_->listen_again(link.port, now);
        log(0, "clock.ptp.interface", "PTP runs on " + found->name + ".");
        link.said_missing = false;
    } else if (!link.said_missing) {
        log(1, "clock.ptp.sockets", error);
        link.said_missing = true;
    }
}

std::string PtpSource::open(Link& link) {
    link.card.close();
    link.without_card =
        options_.card_stamps ? link.card.open(*link.interface) : "the option \"timestamps\" says so";
    return link.sockets.open(*link.interface, link.card.is_open());
}

void PtpSource::leave_card(Link& link, const char* because) {
    link.sockets.leave_hardware();
    link.card.close();
    link.without_card = because;
    log(1, "clock.ptp.card-timestamps",
        "PTP uses the kernel's timestamps on " + link.interface->name + ": " + because + ".");
}

void PtpSource::drain(Link& link) noexcept {
    Sockets& sockets = link.sockets;
    if (!sockets.is_open())
        return;
    Datagram datagram;
    for (int i = 0; i < most_datagrams && sockets.receive(Sockets::Channel::event, datagram); ++i) {
        report_stamps(datagram.stamp.kind, "arrivals");
        if (const auto received_ns = arrival(link, datagram.stamp))
            receive(datagram, *received_ns);
    }
    // Only the content of general messages counts.
    for (int i = 0; i < most_datagrams && sockets.receive(Sockets::Channel::general, datagram); ++i)
        receive(datagram, local_now());
}

void PtpSource::receive(const Datagram& datagram, int64_t received_ns) noexcept {
    const auto link = std::find_if(links_.begin(), links_.end(), [&](const Link& each) {
        return each.sockets.is_open() && each.interface->index == datagram.interface_index;
    });
    if (link == links_.end())
        return;
    clock_->receive({{datagram.bytes.data(), datagram.length}, received_ns, datagram.source, link->port},
                    local_now());
}

// Without a carrier Linux takes what we send, drops it and says nothing: that nobody stamps it tells nothing
// of the card or the kernel. Looked at when it is asked for, since a cable may be out for less than watch_ns.
bool PtpSource::is_unplugged(Link& link) noexcept {
    const auto found = find_interface(link.wanted);
    if (!found || !found->has_carrier)
        link.interface->has_carrier = false; // so that watch() opens it anew
    return !link.interface->has_carrier;
}

void PtpSource::take_departures(Link& link) noexcept {
    while (const auto departure = link.sockets.departure(read_clock(stamp_clock))) {
        const bool unstamped = departure->stamp.kind == StampKind::user;
        if (unstamped && (link.card.is_open() || !said_user_stamps_) && is_unplugged(link))
            continue;
        if (unstamped && link.card.is_open()) {
            leave_card(link, "the network card reports no departures");
            continue;
        }
        report_stamps(departure->stamp.kind, "departures");
        if (const auto local_ns = this->departure(link, departure->stamp))
            clock_->departed(departure->token, *local_ns);
    }
}

// Local times. Clocks are read after the stamps were taken: so they vouch for them.
std::optional<int64_t> PtpSource::arrival(Link& link, const Stamp& stamp) noexcept {
    stamps_.read(read_clock_pair(stamp_clock));
    const auto kernel_ns = stamps_.to_local(stamp.wall_ns);
    if (!kernel_ns || stamp.kind != StampKind::hardware)
        return kernel_ns;
    const auto card_ns =
        link.card.to_local(stamp.card_ns, *kernel_ns - most_interrupt_ns, *kernel_ns + slack_ns);
    if (link.card.has_failed())
        leave_card(link, card_misfits);
    return card_ns;
}

std::optional<int64_t> PtpSource::departure(Link& link, const Stamp& stamp) noexcept {
    stamps_.read(read_clock_pair(stamp_clock));
    const auto asked_ns = stamps_.to_local(stamp.wall_ns);
    if (!asked_ns || stamp.kind != StampKind::hardware)
        return asked_ns;
    const auto card_ns = link.card.to_local(stamp.card_ns, *asked_ns - slack_ns, local_now());
    if (link.card.has_failed())
        leave_card(link, card_misfits);
    return card_ns;
}

void PtpSource::send_due() noexcept {
    while (const auto outgoing = clock_->poll(local_now())) {
        Link& link = links_[outgoing->port - 1u];
        if (!link.sockets.is_open())
            continue; // nobody there to say it to
        link.sockets.send(*outgoing);
        take_departures(link); // usually there at once
    }
}

void PtpSource::publish() const noexcept {
    const tutti_clock_relation relation = clock_->relation();
    publish_(context_, &relation);
}

void PtpSource::report_stamps(StampKind kind, const char* of) noexcept {
    if (kind != StampKind::user || said_user_stamps_)
        return;
    said_user_stamps_ = true;
    log(1, "clock.ptp.user-timestamps",
        std::string("The kernel gives no timestamps of ") + of + "; PTP uses worse ones of its own.");
}

void PtpSource::log(int severity, const char* code, const std::string& message) const noexcept {
    if (host_)
        host_->log(severity, code, message.c_str());
}

// What changed, in words; states and roles are remembered at once.
void PtpSource::tell_changes() {
    tell_role();
    tell_step();
    const tutti_clock_relation relation = clock_->relation();
    if (relation.state != said_state_) {
        said_state_ = clock_->state();
        next_report_ns_ = 0;
        log(said_state_ == tutti_clock_holdover && !said_grandmaster_ ? 1 : 0, "clock.ptp.state",
            std::string("PTP is ") + name_of(said_state_) +
                (relation.error_ns < 0 ? "."
                                       : ", estimated error " + std::to_string(relation.error_ns) + " ns."));
    }
    if (clock_->unanswered_delay_requests() >= 10 && !said_unanswered_) {
        said_unanswered_ = true;
        log(1, "clock.ptp.unanswered",
            "The master does not answer Delay_Req; try the option \"delayRequest\": \"hybrid\".");
    }
}

void PtpSource::tell_role() {
    const std::string domain = std::to_string(options_.domain);
    if (clock_->master() != said_master_) {
        said_master_ = clock_->master();
        log(0, "clock.ptp.master",
            said_master_
                ? "PTP measures master " + to_text(said_master_->clock) + " on domain " + domain + "."
                : "PTP follows nobody on domain " + domain + " any more.");
    }
    if (clock_->is_grandmaster() != said_grandmaster_) {
        said_grandmaster_ = clock_->is_grandmaster();
        next_report_ns_ = 0;
        log(0, "clock.ptp.grandmaster",
            said_grandmaster_ ? "We are the PTP grandmaster of domain " + domain + " now."
                              : "We are not the PTP grandmaster of domain " + domain + " any more.");
    }
}

// The first lock is no surprise, later ones are.
void PtpSource::tell_step() {
    const Servo& servo = clock_->servo();
    if (servo.generation() == said_generation_)
        return;
    const bool first = said_generation_ == 1;
    said_generation_ = servo.generation();
    if (std::llabs(servo.last_step_ns()) < least_told_step_ns)
        return;
    log(first ? 0 : 1, "clock.ptp.step",
        "Media time was set by " + std::to_string(servo.last_step_ns() / 1000) + " us to the master's.");
}

// For status() and report().
void PtpSource::remember() {
    PtpReport now;
    now.clock = clock_->status();
    for (const Link& link : links_) {
        PtpReport::Interface& each = now.interfaces.emplace_back();
        if (!link.sockets.is_open())
            continue;
        each = {link.interface->name, link.interface->address,
                link.card.is_open() ? "hardware"
                : said_user_stamps_ ? "user"
                                    : "kernel",
                link.without_card};
    }
    const std::lock_guard lock(mutex_);
    remembered_ = std::move(now);
}

} // namespace tutti::aes67::ptp
