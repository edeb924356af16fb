// A network in virtual time: masters, a path with its troubles, a local quartz, and one follower. Truth is
// known.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <vector>

#include "ptp/ptp_clock.hpp"

namespace tutti::aes67::ptp::test {

constexpr int64_t us = 1'000;
constexpr int64_t ms = 1'000'000;
constexpr int64_t second = 1'000'000'000;

// Media time (ns) at a local instant, as the engine would reckon it from what a clock published.
int64_t media_at(const tutti_clock_relation& relation, int64_t local_ns);

// One direction of the network.
struct Path {
    int64_t least_ns = 20 * us;
    double typical_extra_ns = 2'000; // mean of an exponential distribution
    double burst_probability = 0.01; // of a packet that waits behind something big
    int64_t burst_ns = 300 * us;     // up to that
    double loss = 0;
    double reordering = 0; // probability of being held back for up to 30 ms
};

// The local oscillator: rate = base + slow sine + random walk.
struct Quartz {
    double base = 0;
    double sine = 0;
    double sine_period_s = 1800;
    double walk = 0; // per root second
};

struct SimulatedMaster {
    PortIdentity identity;
    Announce announce;
    uint8_t domain = 0;
    uint16_t flags = flag::ptp_timescale;
    int64_t time_ns = 0; // its time when true time is 0
    bool two_step = true;
    int8_t log_sync = -3;
    int8_t log_announce = 1;
    int8_t log_delay = 0;
    int64_t residence_ns = 0; // of a transparent clock on the way, told in correctionField
    bool announces = true;
    bool syncs = true;
    bool answers = true;
    uint16_t sequence = 0;
};

SimulatedMaster master(uint8_t id, int64_t time_ns);

class Simulation {
  public:
    struct Options {
        Quartz quartz;
        Path to_us;
        Path to_master;
        ClockConfig clock;
        int64_t media_ns = 0; // before anything is followed
        int64_t stamp_noise_ns = 300;
        uint32_t seed = 1;
    };

    explicit Simulation(const Options& options);

    // The master lives from now on, until its flags say otherwise.
    SimulatedMaster& add(const SimulatedMaster& master);
    void run(int64_t duration_ns);
    // Runs until the state is `state`; how long that took, nothing if it took longer than `limit_ns`.
    std::optional<int64_t> run_until(tutti_clock_state state, int64_t limit_ns);
    void at(int64_t true_ns, std::function<void()> what) {
        events_.push({true_ns, ++order_, std::move(what)});
    }

    int64_t now() const { return true_ns_; }
    int64_t local() const { return static_cast<int64_t>(local_ns_); }
    const Clock& clock() const { return clock_; }
    Path& to_us() { return to_us_; }
    Path& to_master() { return to_master_; }
    Quartz& quartz() { return quartz_; }
    // What the follower received and sent, as it is on the wire.
    void deliver(const Message& message, uint32_t from = 0x0100000A);
    const std::vector<Outgoing>& sent() const { return sent_; }

    // Media time minus the time of `master`, now.
    int64_t error_ns(const SimulatedMaster& master) const;
    // Whose time errors are counted against, whenever the state is locked.
    const SimulatedMaster* truth = nullptr;
    std::vector<int64_t> locked_errors; // absolute, ten a second
    int64_t worst_claim_excess_ns = 0;  // how far an error was beyond what error_ns said
    // Whatever was published that was no continuation of what was published before, but for declared steps.
    int64_t worst_discontinuity_ns = 0;
    double worst_rate_change = 0; // while locked, between two publications
    uint64_t declared_steps = 0;
    double holdover_s = 0;

  private:
    struct Event {
        int64_t at;
        uint64_t order;
        std::function<void()> what;
        bool operator<(const Event& other) const {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    void step_to(int64_t true_ns);
    std::optional<int64_t> travel(const Path& path);
    void send(SimulatedMaster& from, Message message, bool timed);
    void sync_forever(SimulatedMaster& from);
    void announce_forever(SimulatedMaster& from);
    void tick_forever();
    void after_message();
    void answer(const Outgoing& outgoing);
    void observe();
    double uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }
    int64_t noise() { return static_cast<int64_t>(static_cast<double>(stamp_noise_ns_) * uniform()); }

    std::mt19937 random_;
    Quartz quartz_;
    Path to_us_;
    Path to_master_;
    const int64_t stamp_noise_ns_;
    int64_t true_ns_ = 0;
    long double local_ns_ = 1e12L;
    double walk_ = 0;
    std::priority_queue<Event> events_;
    uint64_t order_ = 0;
    std::vector<std::unique_ptr<SimulatedMaster>> masters_;
    Clock clock_;
    const PortIdentity identity_;
    std::optional<tutti_clock_relation> last_;
    std::vector<Outgoing> sent_;
};

} // namespace tutti::aes67::ptp::test
