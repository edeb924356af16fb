#include "ptp/election_reason.hpp"

#include <algorithm>
#include <cstdio>

#include "ptp/log_interval.hpp"

namespace tutti::aes67::ptp {
namespace {

struct Side {
    const Announce& announce;
    const PortIdentity& sender;
};

std::string hex(unsigned value) {
    char text[8];
    std::snprintf(text, sizeof text, "0x%02X", value);
    return text;
}

std::string value_of(Criterion criterion, const Side& side) {
    switch (criterion) {
    case Criterion::priority1:
        return std::to_string(side.announce.priority1);
    case Criterion::clock_class:
        return std::to_string(side.announce.clock_class);
    case Criterion::accuracy:
        return hex(side.announce.accuracy);
    case Criterion::variance:
        return hex(side.announce.variance);
    case Criterion::priority2:
        return std::to_string(side.announce.priority2);
    case Criterion::grandmaster_identity:
        return to_text(side.announce.grandmaster);
    case Criterion::steps_removed:
        return std::to_string(side.announce.steps_removed);
    case Criterion::sender_identity:
        return to_text(side.sender.clock) + " port " + std::to_string(side.sender.port);
    case Criterion::receiver:
        break;
    }
    return "";
}

std::string lost(Criterion criterion, const Side& loser, const Side& winner) {
    if (criterion == Criterion::receiver)
        return "the same, heard on another interface";
    return std::string(to_text(criterion)) + " " + value_of(criterion, loser) + " against " +
           value_of(criterion, winner);
}

const Candidate* followed(const ClockStatus& status) {
    const auto found = std::find_if(status.election.begin(), status.election.end(),
                                    [](const Candidate& c) { return c.standing == Standing::followed; });
    return found == status.election.end() ? nullptr : &*found;
}

std::string outvoted(const Candidate& candidate, const ClockStatus& status) {
    const Side loser{candidate.announce, candidate.sender};
    if (const Candidate* best = followed(status))
        return lost(candidate.criterion, loser, {best->announce, best->sender});
    if (status.own)
        return lost(candidate.criterion, loser, {*status.own, status.identity}) + " of ourselves";
    return to_text(candidate.criterion);
}

std::string seconds(int64_t ns) {
    return std::to_string(std::max<int64_t>(ns, 0) / 1'000'000'000) + " s";
}

std::string best_of(const ClockStatus& status) {
    const auto heard = std::count_if(status.election.begin(), status.election.end(), [](const Candidate& c) {
        return c.standing == Standing::followed || c.standing == Standing::outvoted;
    });
    return heard > 1 ? "the best of " + std::to_string(heard) + " on domain " + std::to_string(status.domain)
                     : "the only one on domain " + std::to_string(status.domain);
}

} // namespace

std::string reason_of(const Candidate& candidate, const ClockStatus& status) {
    switch (candidate.standing) {
    case Standing::followed:
        return best_of(status);
    case Standing::outvoted:
        return outvoted(candidate, status);
    case Standing::other_domain:
        return "domain " + std::to_string(candidate.domain) + ", we follow " + std::to_string(status.domain);
    case Standing::unqualified:
        return candidate.announces < 2
                   ? "announced once, waiting for the second"
                   : "announces too rarely: two within " +
                         seconds(4 * log_interval_ns(candidate.log_announce_interval)) + " are needed";
    case Standing::silent:
        return "silent for " + seconds(status.at_ns - candidate.last_heard_ns);
    case Standing::invalid:
        return (candidate.flags & flag::alternate_master) != 0
                   ? "says of itself that it is an alternate master"
                   : "stepsRemoved " + std::to_string(candidate.announce.steps_removed) + ", 255 is too far";
    }
    return "";
}

std::string own_reason(const ClockStatus& status) {
    if (status.is_grandmaster)
        return "nobody better announces on domain " + std::to_string(status.domain);
    const Candidate* best = followed(status);
    if (!best || !status.own)
        return "listening before we announce";
    const Side ours{*status.own, status.identity};
    const Side theirs{best->announce, best->sender};
    return lost(compare(ours.announce, ours.sender, theirs.announce, theirs.sender).criterion, ours, theirs);
}

} // namespace tutti::aes67::ptp
