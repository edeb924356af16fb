#pragma once
#include "audio_cycle.hpp"
#include "audio_thread.hpp"
#include "clock_bridge.hpp"
#include "device_link.hpp"
#include "plan.hpp"
#include "plugin_registry.hpp"
#include "problem.hpp"
#include "stream_table.hpp"
#include "telemetry.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tutti {

struct EngineOptions {
    std::string region_path;
    std::string telemetry_path;
    std::string device_link; ///< name under which HAL drivers ask for the device; empty: none do
};

/// What is not as it should be on this machine.
struct EngineNotice {
    std::string code;
    std::string message;
    std::string fix;
};

struct ApplyReply {
    std::vector<PlanProblem> problems;
    std::map<std::string, uint32_t> receiver_slots;
    std::map<std::string, uint32_t> sender_slots;
};

/// The engine: owns everything native and turns one plan into the next by their difference. All of it is
/// [control].
class Engine {
  public:
    /// Null, with a reason, if shared memory cannot be had.
    static std::unique_ptr<Engine> start(const EngineOptions& options, std::string& error);
    ~Engine();

    /// Puts the plan in force; what did not change is not touched. Parts with problems are left out, the rest
    /// is in force.
    ApplyReply apply(const Plan& plan);
    /// Only says what problems `apply` would find without trying the network.
    ApplyReply check(const Plan& plan);

    [[nodiscard]] tutti_clock_relation clock() const { return clock_.relation(); }
    [[nodiscard]] std::string clock_report() const { return clock_.report(); }
    [[nodiscard]] const std::string& clock_source() const { return clock_plan_.source; }
    [[nodiscard]] uint64_t clock_steps() const { return telemetry_.engine().get(EngineField::clock_steps); }
    [[nodiscard]] std::vector<tutti_region_client> clients() const;
    [[nodiscard]] std::vector<EngineNotice> notices() const;
    /// The rate that somebody chose in a HAL driver's settings since the last call.
    std::optional<uint32_t> take_wanted_rate();

  private:
    explicit Engine(const EngineOptions& options);
    bool apply_device(const DevicePlan& device, ApplyReply& reply);
    void apply_clock(const ClockPlan& clock, ApplyReply& reply);
    void describe_device(const Plan& plan);
    void load_plugins(const Plan& plan, ApplyReply& reply);
    void install();

    EngineOptions options_;
    Telemetry telemetry_;
    PluginRegistry plugins_;
    ClockBridge clock_;
    ClockPlan clock_plan_;
    /// The code behind it: an update of its library is another clock.
    const tutti_clock_source* clock_source_ = nullptr;
    std::unique_ptr<DeviceLink> link_;
    std::string link_error_;
    std::unique_ptr<DeviceRegion> region_;
    uint64_t region_id_ = 0; ///< of this region, for drivers
    std::unique_ptr<AudioCycle> cycle_;
    std::unique_ptr<StreamTable> streams_;
    std::unique_ptr<const StreamSet> set_;
    std::unique_ptr<AudioThread> thread_;
    bool memory_locked_ = false;
    bool region_locked_ = true; ///< until there is one
};

} // namespace tutti
