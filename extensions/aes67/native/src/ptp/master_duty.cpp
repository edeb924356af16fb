#include "ptp/master_duty.hpp"

#include <algorithm>

#include "ptp/log_interval.hpp"

namespace tutti::aes67::ptp {
namespace {

// The next time on the grid; what was missed meanwhile is not caught up on.
int64_t next_on_grid(int64_t due_ns, int64_t interval_ns, int64_t now) noexcept {
    return now - due_ns < interval_ns ? due_ns + interval_ns : now + interval_ns;
}

} // namespace

void MasterDuty::begin(int64_t now) noexcept {
    active_ = true;
    announce_due_ns_ = sync_due_ns_ = now;
}

void MasterDuty::end() noexcept {
    active_ = false;
    announce_due_ns_ = sync_due_ns_ = INT64_MAX;
    awaited_.reset();
    follow_up_.reset();
    answer_count_ = 0;
}

int64_t MasterDuty::due_ns() const noexcept {
    if (follow_up_ || answer_count_ > 0)
        return INT64_MIN;
    return std::min(announce_due_ns_, sync_due_ns_);
}

Header MasterDuty::header_for(uint16_t flags, uint16_t sequence, int8_t log_interval) const noexcept {
    Header header;
    header.domain = domain_;
    header.flags = flags;
    header.source = identity_;
    header.sequence = sequence;
    header.log_interval = log_interval;
    return header;
}

std::optional<MasterDuty::Duty> MasterDuty::next(int64_t now, int64_t media_ns,
                                                 const OwnDataset& dataset) noexcept {
    if (follow_up_) {
        const FollowUpDue due = *follow_up_;
        follow_up_.reset();
        return Duty{{header_for(0, due.sequence, intervals_.sync), FollowUp{due.media_ns}}};
    }
    if (now >= announce_due_ns_) {
        announce_due_ns_ = next_on_grid(announce_due_ns_, log_interval_ns(intervals_.announce), now);
        return Duty{
            {header_for(dataset.flags(), ++announce_sequence_, intervals_.announce), dataset.announce()}};
    }
    if (now >= sync_due_ns_) {
        sync_due_ns_ = next_on_grid(sync_due_ns_, log_interval_ns(intervals_.sync), now);
        awaited_ = ++sync_sequence_;
        return Duty{{header_for(flag::two_step, sync_sequence_, intervals_.sync), Sync{media_ns}}};
    }
    if (answer_count_ == 0)
        return std::nullopt;
    const Duty duty = answer(answers_[first_answer_]);
    first_answer_ = (first_answer_ + 1) % most_answers;
    --answer_count_;
    return duty;
}

void MasterDuty::sync_departed(uint16_t sequence, int64_t media_ns) noexcept {
    if (awaited_ != sequence)
        return; // too late to be of use, or of a duty that ended
    awaited_.reset();
    follow_up_ = FollowUpDue{sequence, media_ns};
}

bool MasterDuty::request(const Header& header, uint32_t address, int64_t media_ns, int64_t now) noexcept {
    if (!active_ || answer_count_ == most_answers || !limit_.admit(address, now))
        return false;
    answers_[(first_answer_ + answer_count_) % most_answers] = {header, address, media_ns};
    ++answer_count_;
    return true;
}

// Goes the way the request came, its correctionField with it (s.11.3.2); a unicast one grants no rate (table
// 24).
MasterDuty::Duty MasterDuty::answer(const AnswerDue& due) const noexcept {
    const bool unicast = due.request.has(flag::unicast);
    Header header = header_for(unicast ? flag::unicast : 0, due.request.sequence,
                               unicast ? no_interval : intervals_.delay);
    header.correction_ns = due.request.correction_ns;
    return {{header, DelayResp{due.media_ns, due.request.source}}, unicast, due.address};
}

} // namespace tutti::aes67::ptp
