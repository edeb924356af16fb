#include "stream_table.hpp"

#include <algorithm>

namespace tutti {
namespace {

template <typename Entries> std::optional<uint32_t> free_slot(const Entries& entries) {
    std::set<uint32_t> taken;
    for (const auto& [id, entry] : entries)
        taken.insert(entry.slot);
    for (uint32_t slot = 0; slot < Telemetry::slots; ++slot) {
        if (!taken.contains(slot))
            return slot;
    }
    return std::nullopt;
}

template <typename Plans> auto find_plan(const Plans& plans, const std::string& id) {
    return std::find_if(plans.begin(), plans.end(), [&](const auto& plan) { return plan.id == id; });
}

Problem unknown_codec(const std::string& codec) {
    return {"unsupported", "codec", "no codec for '" + codec + "'",
            "enable or install an extension that has one"};
}

Problem too_many() {
    return {"limit", "id",
            "the engine carries at most " + std::to_string(Telemetry::slots) + " streams each way", ""};
}

} // namespace

StreamTable::StreamTable(PacketDrain& packets, Telemetry& telemetry, std::function<void()> settle)
    : packets_(packets), telemetry_(telemetry), settle_(std::move(settle)) {}

StreamTable::~StreamTable() {
    clear();
}

void StreamTable::clear() {
    remove_stale({}, {}, {});
}

void StreamTable::apply(const Plan& plan, const PluginRegistry& plugins, std::vector<PlanProblem>& problems) {
    std::set<std::string> refused;
    for (const PlanProblem& problem : problems)
        refused.insert(problem.id);
    remove_stale(plan, refused, plugins);
    std::vector<Routes> old_routes;
    update_kept(plan, old_routes);
    for (const ReceiverPlan& receiver : plan.receivers) {
        if (!refused.contains(receiver.id) && !receivers_.contains(receiver.id))
            add_receiver(receiver, plan.device.rate, plugins, problems);
    }
    for (const SenderPlan& sender : plan.senders) {
        if (!refused.contains(sender.id) && !senders_.contains(sender.id)) {
            add_sender(sender, plan.device.rate, plugins, problems);
        }
    }
    settle_();
    listen(problems);
}

void StreamTable::remove_stale(const Plan& plan, const std::set<std::string>& refused,
                               const PluginRegistry& plugins) {
    std::vector<ReceiverEntry> old_receivers;
    std::vector<SenderEntry> old_senders;
    for (auto it = receivers_.begin(); it != receivers_.end();) {
        const auto wanted = find_plan(plan.receivers, it->first);
        if (wanted != plan.receivers.end() && !refused.contains(it->first) &&
            plugins.codec(wanted->codec) == &it->second.receiver->codec() &&
            it->second.receiver->plan().same_stream(*wanted) && it->second.receiver->interfaces_unchanged()) {
            ++it;
            continue;
        }
        for (const auto& leg : it->second.legs)
            packets_.remove(*leg);
        old_receivers.push_back(std::move(it->second));
        it = receivers_.erase(it);
    }
    for (auto it = senders_.begin(); it != senders_.end();) {
        const auto wanted = find_plan(plan.senders, it->first);
        if (wanted != plan.senders.end() && !refused.contains(it->first) &&
            plugins.codec(wanted->codec) == &it->second.sender->codec() &&
            it->second.sender->plan().same_stream(*wanted) && it->second.sender->interfaces_unchanged()) {
            ++it;
            continue;
        }
        old_senders.push_back(std::move(it->second));
        it = senders_.erase(it);
    }
    if (!old_receivers.empty() || !old_senders.empty())
        settle_();
}

void StreamTable::update_kept(const Plan& plan, std::vector<Routes>& old) {
    for (const ReceiverPlan& wanted : plan.receivers) {
        const auto kept = receivers_.find(wanted.id);
        if (kept == receivers_.end())
            continue;
        const ReceiverPlan& present = kept->second.receiver->plan();
        if (present.routes != wanted.routes || present.link_offset != wanted.link_offset) {
            old.push_back(kept->second.receiver->update(wanted));
        }
    }
    for (const SenderPlan& wanted : plan.senders) {
        const auto kept = senders_.find(wanted.id);
        if (kept != senders_.end() && kept->second.sender->plan().routes != wanted.routes) {
            old.push_back(kept->second.sender->update(wanted));
        }
    }
}

void StreamTable::add_receiver(const ReceiverPlan& plan, uint32_t rate, const PluginRegistry& plugins,
                               std::vector<PlanProblem>& problems) {
    const tutti_codec* codec = plugins.codec(plan.codec);
    const auto slot = free_slot(receivers_);
    if (codec == nullptr || !slot) {
        problems.push_back({plan.id, codec == nullptr ? unknown_codec(plan.codec) : too_many()});
        return;
    }
    ReceiverEntry entry;
    entry.slot = *slot;
    if (auto problem = Receiver::create(plan, *codec, rate, telemetry_.receiver(*slot), entry.receiver)) {
        problems.push_back({plan.id, *problem});
        return;
    }
    uint32_t leg = 0;
    for (const ReceiveSocket& socket : entry.receiver->sockets()) {
        entry.legs.push_back(
            std::make_unique<ReceiveLeg>(ReceiveLeg{entry.receiver.get(), leg++, socket.fd()}));
    }
    receivers_.emplace(plan.id, std::move(entry));
}

void StreamTable::add_sender(const SenderPlan& plan, uint32_t rate, const PluginRegistry& plugins,
                             std::vector<PlanProblem>& problems) {
    const tutti_codec* codec = plugins.codec(plan.codec);
    const auto slot = free_slot(senders_);
    if (codec == nullptr || !slot) {
        problems.push_back({plan.id, codec == nullptr ? unknown_codec(plan.codec) : too_many()});
        return;
    }
    const auto open = [this](const TransmitSocket::Key& key, const std::string& field,
                             std::shared_ptr<TransmitSocket>& socket) {
        return open_socket(key, field, socket);
    };
    SenderEntry entry;
    entry.slot = *slot;
    if (auto problem = Sender::create(plan, *codec, rate, telemetry_.sender(*slot), open, entry.sender)) {
        problems.push_back({plan.id, *problem});
        return;
    }
    senders_.emplace(plan.id, std::move(entry));
}

/// Lets packets in, once the audio thread knows the receivers they belong to.
void StreamTable::listen(std::vector<PlanProblem>& problems) {
    for (auto& [id, entry] : receivers_) {
        if (entry.listening)
            continue;
        entry.listening = true;
        for (const auto& leg : entry.legs) {
            if (packets_.add(*leg))
                continue;
            problems.push_back(
                {id, {"limit", "legs", "the system watches no more sockets for this user", ""}});
            break;
        }
    }
}

std::optional<Problem> StreamTable::open_socket(const TransmitSocket::Key& key, const std::string& field,
                                                std::shared_ptr<TransmitSocket>& socket) {
    socket = sockets_[key].lock();
    if (socket != nullptr)
        return std::nullopt;
    auto fresh = std::make_shared<TransmitSocket>();
    if (auto problem = TransmitSocket::open(key, field, *fresh))
        return problem;
    sockets_[key] = fresh;
    socket = std::move(fresh);
    return std::nullopt;
}

StreamSet StreamTable::snapshot(DeviceRegion* region) const {
    StreamSet set;
    set.region = region;
    if (region == nullptr)
        return set;
    // A tick is the shortest packet time in use, and short enough for the shortest link offset: 125 us to 1
    // ms.
    const uint32_t rate = region->device().rate;
    uint32_t tick = rate / 1000;
    for (const auto& [id, entry] : receivers_) {
        set.receivers.push_back(entry.receiver.get());
        tick = std::min(tick, entry.receiver->plan().link_offset / 3);
    }
    for (const auto& [id, entry] : senders_) {
        set.senders.push_back(entry.sender.get());
        tick = std::min(tick, entry.sender->plan().frames_per_packet);
    }
    std::sort(set.senders.begin(), set.senders.end(),
              [](const Sender* a, const Sender* b) { return a->first_fd() < b->first_fd(); });
    set.tick_frames = std::max({tick, rate / 8000, 1u});
    return set;
}

std::map<std::string, uint32_t> StreamTable::receiver_slots() const {
    std::map<std::string, uint32_t> slots;
    for (const auto& [id, entry] : receivers_)
        slots[id] = entry.slot;
    return slots;
}

std::map<std::string, uint32_t> StreamTable::sender_slots() const {
    std::map<std::string, uint32_t> slots;
    for (const auto& [id, entry] : senders_)
        slots[id] = entry.slot;
    return slots;
}

} // namespace tutti
