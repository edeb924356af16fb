#include "port_network.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace tutti::aes67::ptp::test {
namespace {

int64_t media_at(const tutti_clock_relation& relation, int64_t local_ns) {
    const int64_t elapsed = local_ns - relation.local_ns;
    return relation.media_ns + elapsed +
           static_cast<int64_t>(static_cast<double>(elapsed) * relation.rate_deviation);
}

} // namespace

PortNetwork::Node& PortNetwork::add(uint8_t id, int64_t media_ns, std::optional<uint8_t> priority1,
                                    double quartz, DelayMode mode) {
    PortConfig config;
    config.identity = {{2, 0, 0, 0, 0, 0, 0, id}, 1};
    config.delay_mode = mode;
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
    return *nodes_.back();
}

int64_t PortNetwork::media(const Node& node) const {
    return media_at(node.port.relation(), local(node));
}

void PortNetwork::run(int64_t duration_ns) {
    const int64_t end = true_ns_ + duration_ns;
    while (events_.top().at <= end) {
        const Event event = events_.top();
        events_.pop();
        true_ns_ = std::max(event.at, true_ns_);
        event.what();
    }
    true_ns_ = end;
}

bool PortNetwork::run_until(const std::function<bool()>& holds, int64_t limit_ns) {
    const int64_t begin = true_ns_;
    while (!holds()) {
        if (true_ns_ - begin >= limit_ns)
            return false;
        run(10 * ms);
    }
    return true;
}

void PortNetwork::transmit(const Node* from, const Outgoing& outgoing) {
    for (const auto& each : nodes_) {
        Node& to = *each;
        if (&to == from || (outgoing.destination == Destination::unicast && outgoing.address != to.address))
            continue;
        const auto delay = 20 * us - static_cast<int64_t>(2e3 * std::log(1 - uniform()));
        at(true_ns_ + delay, [this, &to, outgoing, source = from ? from->address : 99] {
            if (!to.is_plugged)
                return;
            to.port.receive({{outgoing.bytes.data(), outgoing.length}, local(to), source}, local(to));
            serve(to);
        });
    }
}

void PortNetwork::serve(Node& node) {
    while (const auto outgoing = node.port.poll(local(node))) {
        const ParseResult parsed = parse({outgoing->bytes.data(), outgoing->length});
        if (node.sent.size() < 5'000 && std::holds_alternative<Message>(parsed)) {
            node.sent.push_back(std::get<Message>(parsed));
            node.packets.push_back(*outgoing);
        }
        if (outgoing->is_event) {
            at(true_ns_ + static_cast<int64_t>(uniform() * 100e3),
               [this, &node, token = outgoing->token, departure = local(node)] {
                   node.port.departed(token, departure);
                   serve(node);
               });
        }
        if (node.is_plugged)
            transmit(&node, *outgoing);
    }
    node.port.advance(local(node));
    observe(node);
}

void PortNetwork::observe(Node& node) {
    const tutti_clock_relation relation = node.port.relation();
    const auto state = static_cast<tutti_clock_state>(relation.state);
    if (node.states.empty() || node.states.back() != state)
        node.states.push_back(state);
    if (node.last && node.last->generation == relation.generation) {
        const int64_t gap = relation.media_ns - media_at(*node.last, relation.local_ns);
        node.worst_discontinuity_ns = std::max<int64_t>(node.worst_discontinuity_ns, std::llabs(gap));
    }
    node.last = relation;
}

void PortNetwork::tick_forever() {
    at(true_ns_ + 25 * ms, [this] {
        tick_forever();
        for (const auto& node : nodes_)
            serve(*node);
    });
}

} // namespace tutti::aes67::ptp::test
