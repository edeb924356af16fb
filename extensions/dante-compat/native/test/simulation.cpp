#include "simulation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "v1_writer.hpp"

namespace tutti::dante_compat::test {

SimulatedLeader dante_leader(uint8_t id, int64_t time_ns) {
    SimulatedLeader leader;
    leader.id = {{0, 0x1D, 0xC1, 0, 0, id}, 1};
    leader.dataset = dante_sync(leader.id.uuid);
    leader.time_ns = time_ns;
    return leader;
}

Simulation::Simulation(const Options& options)
    : random_(options.seed), path_(options.path), rate_(options.quartz), walk_(options.walk),
      observer_(options.observer, static_cast<int64_t>(local_ns_), options.media_ns) {
    tick_forever();
}

SimulatedLeader& Simulation::add(const SimulatedLeader& leader) {
    leaders_.push_back(std::make_unique<SimulatedLeader>(leader));
    SimulatedLeader& added = *leaders_.back();
    const auto phase = static_cast<int64_t>(uniform() * 100e6);
    at(true_ns_ + phase, [this, &added] { sync_forever(added); });
    return added;
}

void Simulation::step_to(int64_t true_ns) {
    const double seconds = static_cast<double>(true_ns - true_ns_) * 1e-9;
    rate_ += walk_ * std::sqrt(seconds) * std::normal_distribution<double>()(random_);
    local_ns_ += static_cast<long double>(true_ns - true_ns_) * (1 + static_cast<long double>(rate_));
    true_ns_ = true_ns;
}

void Simulation::run(int64_t duration_ns) {
    const int64_t end = true_ns_ + duration_ns;
    while (!events_.empty() && events_.top().at <= end) {
        const Event event = events_.top();
        events_.pop();
        step_to(event.at);
        event.what();
    }
    step_to(end);
}

std::optional<int64_t> Simulation::run_until(tutti_clock_state state, int64_t limit_ns) {
    const int64_t begin = true_ns_;
    while (observer_.servo().state() != state) {
        if (true_ns_ - begin >= limit_ns)
            return std::nullopt;
        run(10 * ms);
    }
    return true_ns_ - begin;
}

void Simulation::deliver(const Message& message, uint32_t from) {
    const auto bytes = write(message);
    observer_.receive({bytes, local(), from}, local());
    observer_.advance(local());
    observe();
}

std::optional<int64_t> Simulation::travel() {
    if (uniform() < path_.loss)
        return std::nullopt;
    double delay = static_cast<double>(path_.least_ns);
    if (path_.typical_extra_ns > 0)
        delay += std::exponential_distribution<double>(1 / path_.typical_extra_ns)(random_);
    if (uniform() < path_.burst_probability)
        delay += uniform() * static_cast<double>(path_.burst_ns);
    return static_cast<int64_t>(delay);
}

void Simulation::sync_forever(SimulatedLeader& leader) {
    at(true_ns_ + log_interval_ns(leader.dataset.log_interval), [this, &leader] { sync_forever(leader); });
    if (!leader.syncs)
        return;
    Header header = dante_header(leader.id, ++leader.sequence);
    header.subdomain = subdomain(leader.subdomain);
    if (!leader.two_step)
        header.flags = 0;
    const int64_t departs_ns = leader.time_ns + true_ns_;
    Sync sync = leader.dataset;
    // Without a Follow_Up the time must be right; with one it was taken when the message was written.
    sync.origin_ns = leader.two_step ? departs_ns - 60 * us : departs_ns;
    const auto from = static_cast<uint32_t>(leader.id.uuid[5]);
    if (const auto delay = travel())
        at(true_ns_ + *delay, [this, header, sync, from] { deliver({header, sync}, from); });
    if (!leader.two_step)
        return;
    const FollowUp follow_up = {header.sequence, departs_ns};
    if (const auto delay = travel()) {
        const int64_t arrives_ns = leader.follow_up_first ? true_ns_ + 1 : true_ns_ + 80 * us + *delay;
        at(arrives_ns, [this, header, follow_up, from] { deliver({header, follow_up}, from); });
    }
}

void Simulation::tick_forever() {
    at(true_ns_ + 100 * ms, [this] { tick_forever(); });
    observer_.advance(local());
    observe();
}

int64_t Simulation::behind_ns(const SimulatedLeader& leader) const {
    return leader.time_ns + true_ns_ - observer_.servo().line().at(local());
}

void Simulation::observe() {
    const tutti_clock_relation relation = observer_.relation();
    if (last_ && last_->generation == relation.generation) {
        const auto elapsed = static_cast<double>(relation.local_ns - last_->local_ns);
        const int64_t expected = last_->media_ns + (relation.local_ns - last_->local_ns) +
                                 std::llround(elapsed * last_->rate_deviation);
        worst_discontinuity_ns =
            std::max<int64_t>(worst_discontinuity_ns, std::llabs(relation.media_ns - expected));
    }
    last_ = relation;
    if (!truth || relation.state != tutti_clock_locked)
        return;
    const int64_t error = std::llabs(behind_ns(*truth));
    furthest_ns = std::max(furthest_ns, error);
    worst_claim_excess_ns = std::max(worst_claim_excess_ns, error - relation.error_ns);
}

} // namespace tutti::dante_compat::test
