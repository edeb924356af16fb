#include "ptp/foreign_masters.hpp"

#include <algorithm>

#include "ptp/log_interval.hpp"

namespace tutti::aes67::ptp {
namespace {

constexpr int time_window = 4; // FOREIGN_MASTER_TIME_WINDOW, announce intervals (IEEE 1588-2008 s.9.3.2.4.4)
constexpr uint16_t most_steps = 255;          // s.9.3.2.5
constexpr int64_t forget_ns = 60'000'000'000; // how long a silent one is still shown

} // namespace

int64_t ForeignMasters::interval_ns(const Record& record) const noexcept {
    return log_interval_ns(record.candidate.log_announce_interval);
}

bool ForeignMasters::is_alive(const Record& record, int64_t now) const noexcept {
    return now - record.candidate.last_heard_ns < receipt_timeout * interval_ns(record);
}

bool ForeignMasters::is_qualified(const Record& record, int64_t now) const noexcept {
    // Who is followed stays so until its receipt timeout: qualification is for newcomers.
    if (record.candidate.standing == Standing::followed)
        return true;
    return record.heard_before_last_ns != INT64_MIN &&
           now - record.heard_before_last_ns <= time_window * interval_ns(record);
}

void ForeignMasters::drop_forgotten(int64_t now) noexcept {
    std::erase_if(records_, [&](const Record& r) { return now - r.candidate.last_heard_ns > forget_ns; });
}

bool ForeignMasters::may_win(const Candidate& candidate) const noexcept {
    return candidate.domain == domain_ && candidate.announce.steps_removed < most_steps &&
           (candidate.flags & flag::alternate_master) == 0;
}

// A flood of invented names replaces itself, and who was there before it gets the time to announce again. Who
// cannot win keeps nobody out who can, and displaces only its like.
ForeignMasters::Leave ForeignMasters::leave(const Record& record, const Candidate& newcomer,
                                            int64_t now) const noexcept {
    const Candidate& known = record.candidate;
    if (!is_alive(record, now))
        return Leave::silent;
    if (!may_win(known) && (may_win(newcomer) || !is_qualified(record, now)))
        return Leave::cannot_win;
    if (!may_win(newcomer))
        return Leave::no;
    if (!is_qualified(record, now))
        return Leave::unqualified;
    return known.standing != Standing::followed && is_better(newcomer, known) ? Leave::beaten : Leave::no;
}

ForeignMasters::Record* ForeignMasters::room_for(const Candidate& newcomer, int64_t now) noexcept {
    Record* victim = nullptr;
    Leave why = Leave::no;
    // The worst of those that are beaten, of all others the latest.
    const auto goes_first = [&](const Candidate& one, const Candidate& other) {
        return why == Leave::beaten ? is_better(other, one) : one.last_heard_ns >= other.last_heard_ns;
    };
    for (Record& record : records_) {
        const Leave reason = leave(record, newcomer, now);
        if (reason < why || reason == Leave::no)
            continue;
        if (reason > why || goes_first(record.candidate, victim->candidate))
            victim = &record;
        why = reason;
    }
    return victim;
}

// The sender's record, a new one, or none if the table is full of better ones.
ForeignMasters::Record* ForeignMasters::record_for(const Candidate& sender, int64_t now) noexcept {
    for (Record& record : records_) {
        const Candidate& known = record.candidate;
        if (known.domain == sender.domain && known.sender == sender.sender &&
            known.place.port == sender.place.port)
            return &record;
    }
    if (records_.size() == capacity)
        drop_forgotten(now);
    Record* room = records_.size() < capacity ? &records_.emplace_back() : room_for(sender, now);
    if (room)
        *room = {.candidate = sender};
    return room;
}

void ForeignMasters::hear(const Header& header, const Announce& announce, const Place& place,
                          int64_t now) noexcept {
    Candidate sender;
    sender.domain = header.domain;
    sender.sender = header.source;
    sender.place = place;
    sender.flags = header.flags;
    sender.announce = announce;
    Record* record = record_for(sender, now);
    if (!record)
        return;
    Candidate& candidate = record->candidate;
    // The network may double a datagram: that is no second Announce.
    const bool repeated = candidate.announces > 0 && record->sequence == header.sequence;
    if (candidate.announces > 0 && !repeated)
        record->heard_before_last_ns = candidate.last_heard_ns;
    if (!repeated) {
        ++candidate.announces;
        candidate.last_heard_ns = now;
    }
    record->sequence = header.sequence;
    candidate.announce = announce;
    candidate.flags = header.flags;
    candidate.place = place;
    if (header.log_interval != no_interval)
        candidate.log_announce_interval = clamp_announce_interval(header.log_interval);
}

// The same one by two of our ports: the first of those (the last step of IEEE 1588-2008 figure 28).
bool ForeignMasters::is_better(const Candidate& one, const Candidate& other) noexcept {
    const Comparison comparison = compare(one.announce, one.sender, other.announce, other.sender);
    return comparison.criterion == Criterion::receiver ? one.place.port < other.place.port
                                                       : comparison.first_is_better;
}

// Says of those that lost, why.
void ForeignMasters::outvote(const Announce& winner, const PortIdentity& sender) noexcept {
    for (Record& record : records_) {
        Candidate& loser = record.candidate;
        if (loser.standing == Standing::outvoted)
            loser.criterion = compare(winner, sender, loser.announce, loser.sender).criterion;
    }
}

std::optional<ForeignMasters::Choice>
ForeignMasters::elect(int64_t now, const std::optional<Contender>& ourselves) noexcept {
    drop_forgotten(now);
    Record* best = nullptr;
    bool best_qualified = false;
    for (Record& record : records_) {
        Candidate& candidate = record.candidate;
        const bool qualified = is_qualified(record, now);
        if (candidate.domain != domain_) {
            candidate.standing = Standing::other_domain;
        } else if (!may_win(candidate)) {
            candidate.standing = Standing::invalid;
        } else if (!is_alive(record, now)) {
            candidate.standing = Standing::silent;
        } else {
            candidate.standing = qualified ? Standing::outvoted : Standing::unqualified;
            if (!best || (qualified == best_qualified ? is_better(candidate, best->candidate) : qualified)) {
                best = &record;
                best_qualified = qualified;
            }
        }
    }
    if (!best)
        return std::nullopt;
    const Candidate& winner = best->candidate;
    if (ourselves &&
        compare(ourselves->announce, ourselves->sender, winner.announce, winner.sender).first_is_better) {
        outvote(ourselves->announce, ourselves->sender);
        return std::nullopt;
    }
    outvote(winner.announce, winner.sender);
    if (best_qualified)
        best->candidate.standing = Standing::followed;
    return Choice{winner.sender, winner.announce, winner.flags, winner.place, best_qualified};
}

std::vector<Candidate> ForeignMasters::table() const {
    std::vector<Candidate> result;
    for (const Record& record : records_)
        result.push_back(record.candidate);
    std::stable_sort(result.begin(), result.end(),
                     [](const Candidate& a, const Candidate& b) { return a.standing < b.standing; });
    return result;
}

const char* to_text(Standing standing) noexcept {
    switch (standing) {
    case Standing::followed:
        return "followed";
    case Standing::outvoted:
        return "outvoted";
    case Standing::other_domain:
        return "otherDomain";
    case Standing::unqualified:
        return "unqualified";
    case Standing::silent:
        return "silent";
    case Standing::invalid:
        return "invalid";
    }
    return "";
}

} // namespace tutti::aes67::ptp
