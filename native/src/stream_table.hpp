#pragma once
#include "audio_cycle.hpp"
#include "plan.hpp"
#include "plugin_registry.hpp"
#include "problem.hpp"
#include "receiver.hpp"
#include "sender.hpp"
#include "telemetry.hpp"
#include "transmit_socket.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace tutti {

/// The receivers and senders that are in force, by id. All of it is [control]; what it hands to the audio
/// thread it frees only after `settle` has seen a whole cycle without it.
class StreamTable {
  public:
    /// @param settle puts the table's present content in force and returns when the audio thread works with
    /// nothing older.
    StreamTable(PacketDrain& packets, Telemetry& telemetry, std::function<void()> settle);
    ~StreamTable();

    /// Removes, changes and adds until the table is what the plan says, leaving out ids that already have a
    /// problem. Appends what went wrong.
    void apply(const Plan& plan, const PluginRegistry& plugins, std::vector<PlanProblem>& problems);
    void clear();

    /// The content for the audio thread.
    [[nodiscard]] StreamSet snapshot(DeviceRegion* region) const;
    [[nodiscard]] std::map<std::string, uint32_t> receiver_slots() const;
    [[nodiscard]] std::map<std::string, uint32_t> sender_slots() const;

  private:
    struct ReceiverEntry {
        uint32_t slot = 0;
        std::unique_ptr<Receiver> receiver;
        std::vector<std::unique_ptr<ReceiveLeg>> legs;
        bool listening = false;
    };
    struct SenderEntry {
        uint32_t slot = 0;
        std::unique_ptr<Sender> sender;
    };
    using Routes = std::unique_ptr<const std::vector<RouteRun>>;

    /// Takes out what the plan does not want, or not with the codec that it has now.
    void remove_stale(const Plan& plan, const std::set<std::string>& refused, const PluginRegistry& plugins);
    void update_kept(const Plan& plan, std::vector<Routes>& old);
    void add_receiver(const ReceiverPlan& plan, uint32_t rate, const PluginRegistry& plugins,
                      std::vector<PlanProblem>& problems);
    void add_sender(const SenderPlan& plan, uint32_t rate, const PluginRegistry& plugins,
                    std::vector<PlanProblem>& problems);
    void listen(std::vector<PlanProblem>& problems);
    std::optional<Problem> open_socket(const TransmitSocket::Key& key, const std::string& field,
                                       std::shared_ptr<TransmitSocket>& socket);

    PacketDrain& packets_;
    Telemetry& telemetry_;
    std::function<void()> settle_;
    std::map<std::string, ReceiverEntry> receivers_;
    std::map<std::string, SenderEntry> senders_;
    std::map<TransmitSocket::Key, std::weak_ptr<TransmitSocket>> sockets_;
};

} // namespace tutti
