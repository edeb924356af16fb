#include "observer.hpp"

#include <algorithm>
#include <string_view>

namespace tutti::dante_compat {
namespace {

constexpr uint64_t enough_syncs = 2; // to believe who sends them

Subdomain named(uint8_t index) noexcept {
    Subdomain subdomain{};
    const std::string_view name = subdomain_names[index];
    std::copy(name.begin(), name.end(), subdomain.begin());
    return subdomain;
}

} // namespace

Observer::Observer(const ObserverConfig& config, int64_t now, int64_t media_ns) noexcept
    : config_(config), subdomain_(named(config.subdomain)), servo_(now, media_ns) {
    servo_.assume_path_delay(static_cast<double>(config.path_delay_ns.value_or(0)));
}

void Observer::receive(const Incoming& incoming, int64_t now) noexcept {
    const ParseResult result = parse(incoming.datagram);
    const auto* message = std::get_if<Message>(&result);
    if (!message) {
        ++counters_.refused;
        return;
    }
    // Leaders of other subdomains are only listed.
    const bool is_ours = message->header.subdomain == subdomain_;
    if (!is_ours && !std::holds_alternative<Sync>(message->body))
        return;
    std::visit([&](const auto& body) { take(message->header, body, incoming, now); }, message->body);
}

void Observer::take(const Header& header, const Sync& sync, const Incoming& incoming, int64_t now) noexcept {
    const Leader* leader = leaders_.hear(header, sync, incoming.source, now);
    if (!leader) {
        ++counters_.unlisted;
        return;
    }
    if (header.subdomain != subdomain_)
        return;
    ++counters_.syncs;
    sync_rate_.count(now);
    elect(now);
    if (!is_followed(header))
        return;
    servo_.set_qualified(leader->syncs >= enough_syncs);
    servo_.set_sync_interval(log_interval_ns(clamp_sync_interval(sync.log_interval)));
    measure(header.has(flag::assist) ? pairing_.two_step_sync(header.sequence, incoming.received_ns)
                                     : pairing_.sync(header.sequence, incoming.received_ns, sync.origin_ns),
            now);
}

void Observer::take(const Header& header, const FollowUp& follow_up, const Incoming&, int64_t now) noexcept {
    ++counters_.follow_ups;
    if (is_followed(header))
        measure(pairing_.follow_up(follow_up.of_sequence, follow_up.origin_ns), now);
}

void Observer::take(const Header& header, const DelayReq&, const Incoming&, int64_t now) noexcept {
    ++counters_.delay_requests;
    delay_request_rate_.count(now);
    presence_.hear(header.source.uuid, now);
}

void Observer::take(const Header&, const DelayResp& response, const Incoming&, int64_t now) noexcept {
    ++counters_.delay_responses;
    delay_response_rate_.count(now);
    presence_.hear(response.requester.uuid, now);
}

void Observer::measure(const std::optional<TimePair>& pair, int64_t now) noexcept {
    if (!pair)
        return;
    ++counters_.pairs;
    servo_.sync(*pair, now);
    offset_ns_ = servo_.line().at(pair->local_ns) - pair->master_ns - config_.path_delay_ns.value_or(0);
}

// Whoever is followed is kept for as long as it is heard: leaders settle among themselves who goes on.
void Observer::elect(int64_t now) noexcept {
    const Leader* present = followed_ ? leaders_.find(subdomain_, *followed_) : nullptr;
    if (!present || !LeaderTable::is_heard(*present, now))
        follow(leaders_.best(subdomain_, now));
}

void Observer::follow(const Leader* leader) noexcept {
    if (!leader) {
        if (followed_)
            servo_.lose_master();
        followed_.reset();
        return;
    }
    followed_ = leader->id;
    if (measured_ == leader->id) {
        servo_.regain_master();
        return;
    }
    if (measured_)
        ++counters_.leader_changes;
    measured_ = leader->id;
    pairing_.clear();
    offset_ns_.reset();
    servo_.set_qualified(leader->syncs >= enough_syncs);
    servo_.follow_other();
}

void Observer::advance(int64_t now) noexcept {
    elect(now);
    servo_.advance(now);
    if (servo_.state() != tutti_clock_locked || !followed_)
        return;
    if (const Leader* leader = leaders_.find(subdomain_, *followed_))
        timeline_of_ = leader->said.grandmaster;
}

int64_t Observer::error_ns() const noexcept {
    if (servo_.error_ns() < 0)
        return -1;
    return servo_.error_ns() + (config_.path_delay_ns ? 0 : unknown_delay_ns);
}

tutti_clock_relation Observer::relation() const noexcept {
    tutti_clock_relation relation{};
    relation.size = sizeof relation;
    relation.abi = TUTTI_ABI;
    relation.state = servo_.state();
    relation.local_ns = servo_.line().local_ns();
    relation.media_ns = servo_.line().media_ns();
    relation.rate_deviation = servo_.line().rate();
    relation.error_ns = error_ns();
    relation.generation = servo_.generation();
    relation.domain = config_.subdomain;
    if (timeline_of_) {
        const auto identity = to_eui64(*timeline_of_);
        std::copy(identity.begin(), identity.end(), relation.grandmaster);
        relation.has_grandmaster = 1;
        relation.ptp_v1 = 1;
    }
    return relation;
}

ObserverStatus Observer::status(int64_t now) {
    ObserverStatus status;
    status.state = servo_.state();
    status.at_ns = now;
    status.config = config_;
    if (followed_) {
        if (const Leader* leader = leaders_.find(subdomain_, *followed_))
            status.followed = *leader;
    }
    leaders_.each(now, [&status](const Leader& leader) { status.leaders.push_back(leader); });
    status.sync_rate = sync_rate_.per_second(now);
    status.delay_request_rate = delay_request_rate_.per_second(now);
    status.delay_response_rate = delay_response_rate_.per_second(now);
    status.followers = presence_.count(now);
    status.rate_deviation = servo_.estimate().rate();
    status.offset_ns = offset_ns_;
    status.error_ns = error_ns();
    status.steps = servo_.generation() - 1;
    status.last_step_ns = servo_.last_step_ns();
    status.counters = counters_;
    return status;
}

} // namespace tutti::dante_compat
