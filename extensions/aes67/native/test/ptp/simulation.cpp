#include "simulation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "ptp/log_interval.hpp"

namespace tutti::aes67::ptp::test {
int64_t media_at(const tutti_clock_relation& relation, int64_t local_ns) {
    const int64_t elapsed = local_ns - relation.local_ns;
    return relation.media_ns + elapsed +
           static_cast<int64_t>(static_cast<double>(elapsed) * relation.rate_deviation);
}

SimulatedMaster master(uint8_t id, int64_t time_ns) {
    SimulatedMaster result;
    result.identity = {{0, 0x1D, 0xC1, 0xFF, 0xFE, 0, 0, id}, 1};
    result.announce.grandmaster = result.identity.clock;
    result.announce.priority1 = 128;
    result.announce.clock_class = 248;
    result.announce.accuracy = 0xFE;
    result.announce.variance = 0xFFFF;
    result.announce.priority2 = 128;
    result.time_ns = time_ns;
    return result;
}

Simulation::Simulation(const Options& options)
    : random_(options.seed), quartz_(options.quartz), to_us_(options.to_us), to_master_(options.to_master),
      stamp_noise_ns_(options.stamp_noise_ns), clock_(options.clock, local(), options.media_ns),
      identity_(options.clock.identity) {
    tick_forever();
}

void Simulation::step_to(int64_t true_ns) {
    const double elapsed = static_cast<double>(true_ns - true_ns_) * 1e-9;
    walk_ += quartz_.walk * std::sqrt(elapsed) * std::normal_distribution<double>()(random_);
    const double phase = 2 * 3.14159265358979 * static_cast<double>(true_ns) * 1e-9 / quartz_.sine_period_s;
    const double rate = quartz_.base + quartz_.sine * std::sin(phase) + walk_;
    local_ns_ += static_cast<long double>(true_ns - true_ns_) * (1 + rate);
    true_ns_ = true_ns;
}

void Simulation::run(int64_t duration_ns) {
    const int64_t end = true_ns_ + duration_ns;
    while (events_.top().at <= end) {
        const Event event = events_.top();
        events_.pop();
        step_to(std::max(event.at, true_ns_));
        event.what();
    }
    step_to(end);
}

std::optional<int64_t> Simulation::run_until(tutti_clock_state state, int64_t limit_ns) {
    const int64_t begin = true_ns_;
    while (true_ns_ - begin < limit_ns) {
        if (clock_.relation().state == state)
            return true_ns_ - begin;
        run(10 * ms);
    }
    return std::nullopt;
}

std::optional<int64_t> Simulation::travel(const Path& path) {
    if (uniform() < path.loss)
        return std::nullopt;
    double delay = static_cast<double>(path.least_ns) - path.typical_extra_ns * std::log(1 - uniform());
    if (uniform() < path.burst_probability)
        delay += uniform() * static_cast<double>(path.burst_ns);
    return static_cast<int64_t>(delay);
}

void Simulation::deliver(const Message& message, uint32_t from) {
    std::array<uint8_t, most_message_bytes> bytes{};
    const size_t length = write(message, bytes);
    const int64_t stamp = local() + noise();
    // The thread reads it a while after the kernel took the time.
    const auto wake_up = static_cast<int64_t>(uniform() * 200e3);
    at(true_ns_ + wake_up, [this, bytes, length, stamp, from] {
        clock_.receive({{bytes.data(), length}, stamp, from}, local());
        after_message();
    });
}

void Simulation::send(SimulatedMaster& from, Message message, bool timed) {
    const auto delay = travel(to_us_);
    if (!delay)
        return;
    if (timed)
        message.header.correction_ns += from.residence_ns;
    const int64_t held = uniform() < to_us_.reordering && !timed ? static_cast<int64_t>(uniform() * 30e6) : 0;
    at(true_ns_ + *delay + (timed ? from.residence_ns : 0) + held, [this, message] { deliver(message); });
}

void Simulation::sync_forever(SimulatedMaster& from) {
    const int64_t interval = log_interval_ns(from.log_sync);
    at(true_ns_ + interval + static_cast<int64_t>((uniform() - 0.5) * 0.1 * static_cast<double>(interval)),
       [this, &from] {
           sync_forever(from);
           if (!from.syncs)
               return;
           const int64_t origin = true_ns_ + from.time_ns;
           Message message;
           message.header.domain = from.domain;
           message.header.source = from.identity;
           message.header.sequence = ++from.sequence;
           message.header.log_interval = from.log_sync;
           message.header.flags = static_cast<uint16_t>(from.flags | (from.two_step ? flag::two_step : 0));
           message.body = Sync{from.two_step ? 0 : origin};
           send(from, message, true);
           if (from.two_step) {
               message.header.flags = from.flags;
               message.body = FollowUp{origin};
               // Sometimes it overtakes its Sync on the way through our two sockets.
               at(true_ns_ + (uniform() < to_us_.reordering ? 0 : 50 * us),
                  [this, &from, message] { send(from, message, false); });
           }
       });
}

void Simulation::announce_forever(SimulatedMaster& from) {
    at(true_ns_ + log_interval_ns(from.log_announce), [this, &from] {
        announce_forever(from);
        if (!from.announces)
            return;
        Message message;
        message.header.domain = from.domain;
        message.header.source = from.identity;
        message.header.sequence = ++from.sequence;
        message.header.log_interval = from.log_announce;
        message.header.flags = from.flags;
        message.body = from.announce;
        send(from, message, false);
    });
}

SimulatedMaster& Simulation::add(const SimulatedMaster& added) {
    masters_.push_back(std::make_unique<SimulatedMaster>(added));
    SimulatedMaster& from = *masters_.back();
    sync_forever(from);
    announce_forever(from);
    return from;
}

void Simulation::answer(const Outgoing& outgoing) {
    const ParseResult parsed = parse({outgoing.bytes.data(), outgoing.length});
    const Message* request = std::get_if<Message>(&parsed);
    if (!request || !std::holds_alternative<DelayReq>(request->body))
        return;
    for (const auto& each : masters_) {
        SimulatedMaster& to = *each;
        const auto delay = travel(to_master_);
        if (!delay || !to.answers || to.domain != request->header.domain)
            continue;
        at(true_ns_ + *delay + to.residence_ns, [this, &to, header = request->header] {
            Message response;
            response.header.domain = to.domain;
            response.header.source = to.identity;
            response.header.sequence = header.sequence;
            response.header.log_interval = to.log_delay;
            response.header.correction_ns = to.residence_ns;
            response.body = DelayResp{true_ns_ + to.time_ns + noise(), header.source};
            send(to, response, false);
        });
    }
}

void Simulation::after_message() {
    while (const auto outgoing = clock_.poll(local())) {
        if (sent_.size() < 1000)
            sent_.push_back(*outgoing);
        if (outgoing->is_event) {
            const int64_t departure = local() + noise();
            // The answer may be faster than the kernel's report.
            at(true_ns_ + static_cast<int64_t>(uniform() * 200e3),
               [this, token = outgoing->token, departure] {
                   clock_.departed(token, departure);
                   after_message();
               });
        }
        answer(*outgoing);
    }
    clock_.advance(local());
    observe();
}

void Simulation::tick_forever() {
    at(true_ns_ + 25 * ms, [this] {
        tick_forever();
        after_message();
        if (!truth || true_ns_ % (100 * ms) != 0)
            return;
        const tutti_clock_relation relation = clock_.relation();
        const int64_t error = std::llabs(error_ns(*truth));
        if (relation.state == tutti_clock_locked)
            locked_errors.push_back(error);
        if (relation.state == tutti_clock_holdover)
            holdover_s += 0.1;
        if (relation.error_ns >= 0)
            worst_claim_excess_ns = std::max(worst_claim_excess_ns, error - relation.error_ns);
    });
}

int64_t Simulation::error_ns(const SimulatedMaster& of) const {
    return media_at(clock_.relation(), local()) - (true_ns_ + of.time_ns);
}

void Simulation::observe() {
    const tutti_clock_relation relation = clock_.relation();
    if (last_) {
        if (relation.generation != last_->generation) {
            ++declared_steps;
        } else {
            const int64_t expected = media_at(*last_, relation.local_ns);
            worst_discontinuity_ns =
                std::max<int64_t>(worst_discontinuity_ns, std::llabs(relation.media_ns - expected));
            if (relation.state == tutti_clock_locked && last_->state == tutti_clock_locked) {
                worst_rate_change =
                    std::max(worst_rate_change, std::fabs(relation.rate_deviation - last_->rate_deviation));
            }
        }
    }
    last_ = relation;
}

} // namespace tutti::aes67::ptp::test
