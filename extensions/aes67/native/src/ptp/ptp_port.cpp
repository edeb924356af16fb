#include "ptp/ptp_port.hpp"

#include <algorithm>

#include "ptp/log_interval.hpp"

namespace tutti::aes67::ptp {
namespace {

constexpr uint32_t peer_token = 0x10000; // above every sequenceId

Outgoing compose(const Message& message, uint32_t token, bool is_event) noexcept {
    Outgoing outgoing;
    outgoing.token = token;
    outgoing.is_event = is_event;
    outgoing.length = write(message, outgoing.bytes);
    return outgoing;
}

} // namespace

Port::Port(const PortConfig& config, int64_t now, int64_t media_ns) noexcept
    : config_(config), masters_(config.domain), servo_(now, media_ns),
      requests_(config.log_delay_interval, config.seed), peers_(config.identity) {}

void Port::receive(const Incoming& incoming, int64_t now) noexcept {
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

void Port::take(const Header& header, const Announce& announce, const Incoming& incoming,
                int64_t now) noexcept {
    counters_.announces += header.domain == config_.domain;
    masters_.hear(header, announce, incoming.source, now);
    elect(now);
}

void Port::take(const Header& header, const Sync& sync, const Incoming& incoming, int64_t now) noexcept {
    if (!is_master(header)) {
        ++counters_.ignored;
        return;
    }
    if (header.log_interval != no_interval)
        servo_.set_sync_interval(log_interval_ns(clamp_sync_interval(header.log_interval)));
    master_address_ = incoming.source;
    if (const auto pair = pairing_.sync(header, sync, incoming.received_ns)) {
        ++counters_.syncs;
        servo_.sync(*pair, now);
    }
}

void Port::take(const Header& header, const FollowUp& follow_up, const Incoming&, int64_t now) noexcept {
    if (!is_master(header)) {
        ++counters_.ignored;
        return;
    }
    if (const auto pair = pairing_.follow_up(header, follow_up)) {
        ++counters_.syncs;
        servo_.sync(*pair, now);
    }
}

void Port::take(const Header& header, const DelayResp& response, const Incoming&, int64_t) noexcept {
    if (!is_master(header) || response.requester != config_.identity) {
        ++counters_.ignored;
        return;
    }
    ++counters_.delay_responses;
    if (const auto pair = requests_.answered(header, response))
        servo_.delay(*pair);
}

void Port::take(const Header& header, const PdelayReq&, const Incoming& incoming, int64_t now) noexcept {
    const bool answered = peers_.request(header, incoming.source, incoming.received_ns, now);
    ++(answered ? counters_.peer_requests : counters_.ignored);
}

void Port::elect(int64_t now) noexcept {
    const auto choice = masters_.elect(now);
    if (!choice) {
        if (master_)
            servo_.lose_master();
        master_.reset();
        requests_.stop();
        return;
    }
    if (master_ != choice->sender) {
        master_ = choice->sender;
        master_address_ = choice->address;
        pairing_.clear();
        requests_.restart(now);
        // A master that comes back is measured on from where it left.
        if (measured_ == master_)
            servo_.regain_master();
        else
            servo_.follow_other();
        measured_ = master_;
    }
    grandmaster_ = choice->announce;
    grandmaster_flags_ = choice->flags;
    servo_.set_qualified(choice->qualified);
}

std::optional<Outgoing> Port::poll(int64_t now) noexcept {
    if (const auto answer = peers_.next()) {
        const bool is_event = std::holds_alternative<PdelayResp>(answer->message.body);
        Outgoing outgoing = compose(answer->message, peer_token | answer->slot, is_event);
        outgoing.destination = answer->unicast ? Destination::unicast : Destination::peer_group;
        outgoing.address = answer->address;
        return outgoing;
    }
    const auto sequence = requests_.next(now);
    if (!sequence)
        return std::nullopt;
    ++counters_.delay_requests;
    const bool unicast = config_.delay_mode == DelayMode::hybrid;
    Message request;
    request.header.domain = config_.domain;
    request.header.flags = unicast ? flag::unicast : 0;
    request.header.source = config_.identity;
    request.header.sequence = *sequence;
    request.body = DelayReq{};
    Outgoing outgoing = compose(request, *sequence, true);
    outgoing.destination = unicast ? Destination::unicast : Destination::group;
    outgoing.address = master_address_;
    return outgoing;
}

void Port::departed(uint32_t token, int64_t local_ns) noexcept {
    if (token >= peer_token) {
        peers_.departed(token - peer_token, local_ns);
        return;
    }
    if (const auto pair = requests_.departed(static_cast<uint16_t>(token), local_ns))
        servo_.delay(*pair);
}

void Port::advance(int64_t now) noexcept {
    elect(now);
    const uint64_t generation = servo_.generation();
    servo_.advance(now);
    counters_.steps += servo_.generation() - generation;
    if (servo_.state() == tutti_clock_locked)
        timeline_of_ = grandmaster_.grandmaster;
}

tutti_clock_relation Port::relation() const noexcept {
    tutti_clock_relation relation{};
    relation.size = sizeof relation;
    relation.abi = TUTTI_ABI;
    relation.state = servo_.state();
    relation.local_ns = servo_.line().local_ns();
    relation.media_ns = servo_.line().media_ns();
    relation.rate_deviation = servo_.line().rate();
    relation.error_ns = servo_.error_ns();
    relation.generation = servo_.generation();
    relation.domain = config_.domain;
    // Whose time it is, in holdover too: that of the last lock.
    if (timeline_of_) {
        std::copy(timeline_of_->begin(), timeline_of_->end(), relation.grandmaster);
        relation.has_grandmaster = 1;
    }
    return relation;
}

PortStatus Port::status() const {
    PortStatus status;
    status.state = servo_.state();
    status.domain = config_.domain;
    status.master = master_;
    status.grandmaster = grandmaster_;
    status.flags = grandmaster_flags_;
    status.path_delay_ns = servo_.estimate().path_delay_ns();
    status.rate_deviation = servo_.line().rate();
    status.error_ns = servo_.error_ns();
    status.unanswered_delay_requests = requests_.unanswered();
    status.counters = counters_;
    status.election = masters_.table();
    return status;
}

} // namespace tutti::aes67::ptp
