// A Dante-like network in virtual time: leaders, a path with its troubles, a local quartz, and one observer.
// Truth is known.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <vector>

#include "observer.hpp"

namespace tutti::dante_compat::test {

constexpr int64_t us = 1'000;
constexpr int64_t ms = 1'000'000;
constexpr int64_t second = 1'000'000'000;

// From a leader to us.
struct Path {
    int64_t least_ns = 20 * us;
    double typical_extra_ns = 2'000; // mean of an exponential distribution
    double burst_probability = 0.01; // of a packet that waits behind something big
    int64_t burst_ns = 300 * us;     // up to that
    double loss = 0;
};

struct SimulatedLeader {
    PortId id;
    Sync dataset;
    const char* subdomain = "_DFLT";
    int64_t time_ns = 0; // its time when true time is 0
    bool two_step = true;
    bool syncs = true;
    bool follow_up_first = false; // read before its Sync: there are two sockets
    uint16_t sequence = 0;
};

// Four Syncs a second, two-step, in _DFLT.
SimulatedLeader dante_leader(uint8_t id, int64_t time_ns);

class Simulation {
  public:
    struct Options {
        double quartz = 30e-6; // rate of the local oscillator against true time
        double walk = 2e-9;    // its random walk, per root second
        Path path;
        ObserverConfig observer;
        int64_t media_ns = 0; // before anything is followed
        uint32_t seed = 1;
    };

    explicit Simulation(const Options& options);

    // The leader lives from now on, until its flags say otherwise.
    SimulatedLeader& add(const SimulatedLeader& leader);
    void run(int64_t duration_ns);
    // How long it took until the state was `state`, nothing if it took longer than `limit_ns`.
    std::optional<int64_t> run_until(tutti_clock_state state, int64_t limit_ns);
    void deliver(const Message& message, uint32_t from = 0);

    Path& path() { return path_; }
    Observer& observer() { return observer_; }
    int64_t local() const { return static_cast<int64_t>(local_ns_); }
    // The leader's time minus media time, now: the path delay that nobody knows is in it.
    int64_t behind_ns(const SimulatedLeader& leader) const;

    const SimulatedLeader* truth = nullptr; // against whom `furthest_ns` is counted, whenever locked
    int64_t furthest_ns = 0;
    int64_t worst_claim_excess_ns = 0; // how far an error was beyond what error_ns said
    // Whatever was published that was no continuation of what was published before, but for declared steps.
    int64_t worst_discontinuity_ns = 0;

  private:
    struct Event {
        int64_t at;
        uint64_t order;
        std::function<void()> what;
        bool operator<(const Event& other) const {
            return at != other.at ? at > other.at : order > other.order;
        }
    };
    void at(int64_t true_ns, std::function<void()> what) {
        events_.push({true_ns, ++order_, std::move(what)});
    }
    void step_to(int64_t true_ns);
    void sync_forever(SimulatedLeader& leader);
    void tick_forever();
    void observe();
    double uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }
    std::optional<int64_t> travel();

    std::mt19937 random_;
    Path path_;
    double rate_;
    const double walk_;
    int64_t true_ns_ = 0;
    long double local_ns_ = 1e12L;
    std::priority_queue<Event> events_;
    uint64_t order_ = 0;
    std::vector<std::unique_ptr<SimulatedLeader>> leaders_;
    Observer observer_;
    std::optional<tutti_clock_relation> last_;
};

} // namespace tutti::dante_compat::test
