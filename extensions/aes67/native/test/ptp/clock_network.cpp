#include "clock_network.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace tutti::aes67::ptp::test {
ClockNetwork::Node& ClockNetwork::add(uint8_t id, int64_t media_ns, std::optional<uint8_t> priority1,
                                      double quartz, DelayMode mode, uint16_t ports) {
    ClockConfig config;
    config.identity = {{2, 0, 0, 0, 0, 0, 0, id}, 1};
    config.delay_mode = mode;
    config.ports = ports;
    config.seed = id;
    if (priority1) {
        config.grandmaster.emplace();
        config.grandmaster->priority1 = *priority1;
        config.grandmaster->time = {TimeProperties::known_flags, 37};
    }
    nodes_.push_back(std::make_unique<Node>(
        config, epoch + true_ns_ + static_cast<int64_t>(static_cast<double>(true_ns_) * quartz), media_ns,
        quartz));
    nodes_.back()->address = id;
    nodes_.back()->ports_plugged.assign(ports, true);
    return *nodes_.back();
}

int64_t ClockNetwork::media(const Node& node) const {
    return media_at(node.clock.relation(), local(node));
}

void ClockNetwork::run(int64_t duration_ns) {
    const int64_t end = true_ns_ + duration_ns;
    while (events_.top().at <= end) {
        const Event event = events_.top();
        events_.pop();
        true_ns_ = std::max(event.at, true_ns_);
        event.what();
    }
    true_ns_ = end;
}

bool ClockNetwork::run_until(const std::function<bool()>& holds, int64_t limit_ns) {
    const int64_t begin = true_ns_;
    while (!holds()) {
        if (true_ns_ - begin >= limit_ns)
            return false;
        run(10 * ms);
    }
    return true;
}

void ClockNetwork::transmit(const Node* from, const Outgoing& outgoing) {
    for (const auto& each : nodes_) {
        Node& to = *each;
        if (&to == from || (outgoing.destination == Destination::unicast && outgoing.address != to.address))
            continue;
        for (uint16_t port = 1; port <= to.ports_plugged.size(); ++port) {
            const auto delay = 20 * us - static_cast<int64_t>(2e3 * std::log(1 - uniform()));
            at(true_ns_ + delay, [this, &to, outgoing, port, source = from ? from->address : 99] {
                if (!to.is_plugged || !to.ports_plugged[port - 1u])
                    return;
                to.clock.receive({{outgoing.bytes.data(), outgoing.length}, local(to), source, port},
                                 local(to));
                serve(to);
            });
        }
    }
}

void ClockNetwork::serve(Node& node) {
    while (const auto outgoing = node.clock.poll(local(node))) {
        const ParseResult parsed = parse({outgoing->bytes.data(), outgoing->length});
        if (node.sent.size() < 5'000 && std::holds_alternative<Message>(parsed)) {
            node.sent.push_back(std::get<Message>(parsed));
            node.packets.push_back(*outgoing);
        }
        if (outgoing->is_event) {
            at(true_ns_ + static_cast<int64_t>(uniform() * 100e3),
               [this, &node, token = outgoing->token, departure = local(node)] {
                   node.clock.departed(token, departure);
                   serve(node);
               });
        }
        if (node.is_plugged && node.ports_plugged[outgoing->port - 1u])
            transmit(&node, *outgoing);
    }
    node.clock.advance(local(node));
    observe(node);
}

void ClockNetwork::observe(Node& node) {
    const tutti_clock_relation relation = node.clock.relation();
    const auto state = static_cast<tutti_clock_state>(relation.state);
    if (node.states.empty() || node.states.back() != state)
        node.states.push_back(state);
    if (node.last && node.last->generation == relation.generation) {
        const int64_t gap = relation.media_ns - media_at(*node.last, relation.local_ns);
        node.worst_discontinuity_ns = std::max<int64_t>(node.worst_discontinuity_ns, std::llabs(gap));
    }
    node.last = relation;
}

void ClockNetwork::tick_forever() {
    at(true_ns_ + 25 * ms, [this] {
        tick_forever();
        for (const auto& node : nodes_)
            serve(*node);
    });
}

} // namespace tutti::aes67::ptp::test
