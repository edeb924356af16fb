#include "ptp/ptp_clock.hpp"

#include <algorithm>

#include "ptp/log_interval.hpp"

namespace tutti::aes67::ptp {
namespace {

// Tokens are a sequenceId, or it and one of these, and our port above.
constexpr uint32_t peer_token = 0x10000;
constexpr uint32_t sync_token = 0x20000;
constexpr unsigned port_shift = 20;

size_t port_index(uint32_t token) noexcept {
    return (token >> port_shift) - 1;
}

Outgoing compose(const Message& message, uint32_t token, bool is_event) noexcept {
    Outgoing outgoing;
    outgoing.port = message.header.source.port;
    outgoing.token = token | uint32_t{outgoing.port} << port_shift;
    outgoing.is_event = is_event;
    outgoing.length = write(message, outgoing.bytes);
    return outgoing;
}

// How long to listen before anything is announced: announceReceiptTimeout of our own interval, and up to one
// more by chance, so that two that were switched on together do not begin together (IEEE 1588-2008
// s.9.2.6.11).
int64_t listening_time_ns(const ClockConfig& config) noexcept {
    if (!config.grandmaster)
        return 0;
    const int64_t interval_ns = log_interval_ns(config.grandmaster->log_announce_interval);
    return ForeignMasters::receipt_timeout * interval_ns + config.seed % 1024 * (interval_ns / 1024);
}

MasterDuty::Intervals intervals_of(const ClockConfig& config) noexcept {
    const GrandmasterConfig own = config.grandmaster.value_or(GrandmasterConfig{});
    return {own.log_announce_interval, own.log_sync_interval, config.log_delay_interval};
}

} // namespace

Clock::Clock(const ClockConfig& config, int64_t now, int64_t media_ns)
    : config_(config), masters_(config.domain), servo_(now, media_ns),
      requests_(config.log_delay_interval, config.seed), peers_(config.identity.clock) {
    for (uint16_t port = 1; port <= config.ports; ++port) {
        ports_.push_back({MasterDuty(identity_of(port), config.domain, intervals_of(config)),
                          now + listening_time_ns(config)});
    }
    if (config.grandmaster)
        own_.emplace(config.identity.clock, *config.grandmaster);
}

PortIdentity Clock::identity_of(uint16_t port) const noexcept {
    return {config_.identity.clock, static_cast<uint16_t>(config_.identity.port + port - 1)};
}

bool Clock::is_grandmaster() const noexcept {
    return std::any_of(ports_.begin(), ports_.end(),
                       [](const OwnPort& port) { return port.duty.is_active(); });
}

void Clock::receive(const Incoming& incoming, int64_t now) noexcept {
    const ParseResult result = parse(incoming.datagram);
    const Message* message = std::get_if<Message>(&result);
    if (!message) {
        ++counters_.refused;
        return;
    }
    const Header& header = message->header;
    // Announce of other domains are for the election table.
    const bool concerns_us =
        header.domain == config_.domain || std::holds_alternative<Announce>(message->body);
    if (!concerns_us || header.source.clock == config_.identity.clock) {
        ++counters_.ignored;
        return;
    }
    std::visit([&](const auto& body) { take(header, body, incoming, now); }, message->body);
}

void Clock::take(const Header& header, const Announce& announce, const Incoming& incoming,
                 int64_t now) noexcept {
    counters_.announces += header.domain == config_.domain;
    masters_.hear(header, announce, {incoming.port, incoming.source}, now);
    elect(now);
}

void Clock::take(const Header& header, const Sync& sync, const Incoming& incoming, int64_t now) noexcept {
    if (!is_master(header, incoming)) {
        ++counters_.ignored;
        return;
    }
    if (header.log_interval != no_interval)
        servo_.set_sync_interval(log_interval_ns(clamp_sync_interval(header.log_interval)));
    master_address_ = incoming.source;
    if (const auto pair = pairing_.sync(header, sync, incoming.received_ns))
        measure(*pair, now);
}

void Clock::take(const Header& header, const FollowUp& follow_up, const Incoming& incoming,
                 int64_t now) noexcept {
    if (!is_master(header, incoming)) {
        ++counters_.ignored;
        return;
    }
    if (const auto pair = pairing_.follow_up(header, follow_up))
        measure(*pair, now);
}

void Clock::measure(const TimePair& pair, int64_t now) noexcept {
    ++counters_.syncs;
    servo_.sync(pair, now);
    // Not before: without any Sync there is nothing to compare an answer with, and it would be lost.
    if (!requests_.is_running())
        requests_.restart(now);
}

void Clock::take(const Header& header, const DelayResp& response, const Incoming& incoming,
                 int64_t) noexcept {
    if (!is_master(header, incoming) || response.requester != identity_of(incoming.port)) {
        ++counters_.ignored;
        return;
    }
    ++counters_.delay_responses;
    if (const auto pair = requests_.answered(header, response))
        servo_.delay(*pair);
}

void Clock::take(const Header& header, const DelayReq&, const Incoming& incoming, int64_t now) noexcept {
    const int64_t media_ns = servo_.line().at(incoming.received_ns);
    MasterDuty& duty = ports_[incoming.port - 1u].duty;
    const bool answered = duty.request(header, incoming.source, media_ns, now);
    counters_.requests_heard += duty.is_active();
    counters_.ignored += !answered;
}

void Clock::take(const Header& header, const PdelayReq&, const Incoming& incoming, int64_t now) noexcept {
    const bool answered =
        peers_.request(header, incoming.source, identity_of(incoming.port).port, incoming.received_ns, now);
    ++(answered ? counters_.peer_requests : counters_.ignored);
}

// The state decision (IEEE 1588-2008 s.9.2, 9.3.3).
void Clock::elect(int64_t now) noexcept {
    std::optional<ForeignMasters::Contender> ourselves;
    if (own_)
        ourselves = {own_->announce(), config_.identity};
    const auto choice = masters_.elect(now, ourselves);
    // One Announce is not enough to leave our followers alone.
    if (choice && (choice->qualified || !is_grandmaster()))
        follow(*choice, now);
    else
        follow_nobody(now);
}

void Clock::follow(const ForeignMasters::Choice& choice, int64_t now) noexcept {
    for (OwnPort& port : ports_)
        port.duty.end();
    if (master_ != choice.sender || master_port_ != choice.place.port) {
        const Heard heard = {choice.sender, choice.place.port};
        master_ = choice.sender;
        master_port_ = choice.place.port;
        master_address_ = choice.place.address;
        pairing_.clear();
        if (measured_ == heard) {
            // A master that comes back is measured on from where it left.
            servo_.regain_master();
            requests_.restart(now);
        } else {
            servo_.follow_other();
            requests_.stop(); // until measure()
        }
        measured_ = heard;
    }
    grandmaster_ = choice.announce;
    grandmaster_flags_ = choice.flags;
    servo_.set_qualified(choice.qualified);
}

// The line goes on as it is, whoever follows it from now on.
void Clock::follow_nobody(int64_t now) noexcept {
    if (master_)
        servo_.lose_master();
    master_.reset();
    requests_.stop();
    if (!own_)
        return;
    for (OwnPort& port : ports_) {
        if (port.duty.is_active() || now < port.listen_until_ns)
            continue;
        counters_.takeovers += !is_grandmaster();
        timeline_of_ = config_.identity.clock;
        port.duty.begin(now);
    }
}

void Clock::listen_again(uint16_t port, int64_t now) noexcept {
    OwnPort& own = ports_[port - 1u];
    own.duty.end();
    own.listen_until_ns = now + listening_time_ns(config_);
}

int64_t Clock::due_ns() const noexcept {
    if (peers_.has_next())
        return INT64_MIN;
    int64_t due = requests_.due_ns();
    for (const OwnPort& port : ports_)
        due = std::min(due, port.duty.due_ns());
    return due;
}

std::optional<Outgoing> Clock::poll(int64_t now) noexcept {
    if (auto outgoing = next_peer_answer())
        return outgoing;
    if (auto outgoing = next_duty(now))
        return outgoing;
    return next_delay_request(now);
}

std::optional<Outgoing> Clock::next_peer_answer() noexcept {
    const auto answer = peers_.next();
    if (!answer)
        return std::nullopt;
    const bool is_event = std::holds_alternative<PdelayResp>(answer->message.body);
    Outgoing outgoing = compose(answer->message, peer_token | answer->slot, is_event);
    outgoing.destination = answer->unicast ? Destination::unicast : Destination::peer_group;
    outgoing.address = answer->address;
    return outgoing;
}

std::optional<Outgoing> Clock::next_duty(int64_t now) noexcept {
    std::optional<MasterDuty::Duty> duty;
    for (OwnPort& port : ports_) {
        if (!duty && port.duty.is_active())
            duty = port.duty.next(now, servo_.line().at(now), *own_);
    }
    if (!duty)
        return std::nullopt;
    const Body& body = duty->message.body;
    counters_.announces_sent += std::holds_alternative<Announce>(body);
    counters_.syncs_sent += std::holds_alternative<FollowUp>(body);
    counters_.responses_sent += std::holds_alternative<DelayResp>(body);
    Outgoing outgoing = compose(duty->message, sync_token | duty->message.header.sequence,
                                std::holds_alternative<Sync>(body));
    outgoing.destination = duty->unicast ? Destination::unicast : Destination::group;
    outgoing.address = duty->address;
    return outgoing;
}

std::optional<Outgoing> Clock::next_delay_request(int64_t now) noexcept {
    const auto sequence = requests_.next(now);
    if (!sequence)
        return std::nullopt;
    ++counters_.delay_requests;
    const bool unicast = config_.delay_mode == DelayMode::hybrid;
    Message request;
    request.header.domain = config_.domain;
    request.header.flags = unicast ? flag::unicast : 0;
    request.header.source = identity_of(master_port_);
    request.header.sequence = *sequence;
    request.body = DelayReq{};
    Outgoing outgoing = compose(request, *sequence, true);
    outgoing.destination = unicast ? Destination::unicast : Destination::group;
    outgoing.address = master_address_;
    return outgoing;
}

void Clock::departed(uint32_t token, int64_t local_ns) noexcept {
    const auto sequence = static_cast<uint16_t>(token);
    if ((token & sync_token) != 0) {
        ports_[port_index(token)].duty.sync_departed(sequence, servo_.line().at(local_ns));
    } else if ((token & peer_token) != 0) {
        peers_.departed(sequence, local_ns);
    } else if (const auto pair = requests_.departed(sequence, local_ns)) {
        servo_.delay(*pair);
    }
}

void Clock::advance(int64_t now) noexcept {
    elect(now);
    const uint64_t generation = servo_.generation();
    servo_.advance(now);
    counters_.steps += servo_.generation() - generation;
    rates_.sample(message_count(), now);
    if (servo_.state() != tutti_clock_locked)
        return;
    timeline_of_ = grandmaster_.grandmaster;
    if (own_)
        own_->inherit(grandmaster_, grandmaster_flags_);
}

tutti_clock_state Clock::state() const noexcept {
    return is_grandmaster() && servo_.generation() == 1 ? tutti_clock_free_run : servo_.state();
}

tutti_clock_relation Clock::relation() const noexcept {
    tutti_clock_relation relation{};
    relation.size = sizeof relation;
    relation.abi = TUTTI_ABI;
    relation.state = state();
    relation.local_ns = servo_.line().local_ns();
    relation.media_ns = servo_.line().media_ns();
    relation.rate_deviation = servo_.line().rate();
    // Without anybody to compare with, the time of the domain is ours by definition.
    relation.error_ns = relation.state == tutti_clock_free_run ? 0 : servo_.error_ns();
    relation.generation = servo_.generation();
    relation.domain = config_.domain;
    // Whose time it is, in holdover too: that of the last lock, or our own since others may follow it.
    if (timeline_of_) {
        std::copy(timeline_of_->begin(), timeline_of_->end(), relation.grandmaster);
        relation.has_grandmaster = 1;
    }
    return relation;
}

MessageCount<uint64_t> Clock::message_count() const noexcept {
    return {counters_.announces + counters_.announces_sent, counters_.syncs + counters_.syncs_sent,
            counters_.delay_requests + counters_.requests_heard,
            counters_.delay_responses + counters_.responses_sent};
}

ClockStatus Clock::status() const {
    const ClockEstimate& estimate = servo_.estimate();
    ClockStatus status;
    status.state = state();
    status.domain = config_.domain;
    status.at_ns = servo_.line().local_ns();
    status.identity = config_.identity;
    status.is_grandmaster = is_grandmaster();
    if (own_)
        status.own = own_->announce();
    status.master = master_;
    status.master_port = master_port_;
    status.master_address = master_address_;
    status.grandmaster = is_grandmaster() ? own_->announce() : grandmaster_;
    status.flags = is_grandmaster() ? own_->flags() : grandmaster_flags_;
    if (master_)
        status.offset_ns = servo_.offset_ns();
    if (master_ && estimate.delay_count() > 0)
        status.path_delay_ns = estimate.path_delay_ns();
    status.rate_deviation = master_ && estimate.has_begun() ? estimate.rate() : servo_.line().rate();
    status.last_step_ns = servo_.last_step_ns();
    status.error_ns = relation().error_ns;
    status.unanswered_delay_requests = requests_.unanswered();
    status.rates = rates_.per_second();
    status.counters = counters_;
    status.election = masters_.table();
    return status;
}

} // namespace tutti::aes67::ptp
