// Several whole ports on one network in virtual time: each hears all others. Truth is known.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <vector>

#include "ptp/ptp_clock.hpp"
#include "simulation.hpp"

namespace tutti::aes67::ptp::test {

class ClockNetwork {
  public:
    struct Node {
        Node(const ClockConfig& config, int64_t local, int64_t media_ns, double quartz)
            : clock(config, local, media_ns), rate(quartz) {}
        Clock clock;
        double rate; // deviation of its oscillator
        bool is_plugged = true;
        std::vector<bool> ports_plugged; // besides
        uint32_t address = 0;
        std::vector<Message> sent;     // the last some thousand
        std::vector<Outgoing> packets; // the same as they left
        int64_t worst_discontinuity_ns = 0;
        std::vector<tutti_clock_state> states; // in the order they came
        std::optional<tutti_clock_relation> last;
    };

    explicit ClockNetwork(uint32_t seed = 1) : random_(seed) { tick_forever(); }

    // `media_ns` is where its media time begins. A grandmaster if `priority1` says how willing. All ports are
    // on the same wire.
    Node& add(uint8_t id, int64_t media_ns, std::optional<uint8_t> priority1 = {}, double quartz = 0,
              DelayMode mode = DelayMode::multicast, uint16_t ports = 1);
    void run(int64_t duration_ns);
    // False if it was not so within `limit_ns`.
    bool run_until(const std::function<bool()>& holds, int64_t limit_ns);
    // To all but the sender, or to the one with that address.
    void transmit(const Node* from, const Outgoing& outgoing);
    void at(int64_t true_ns, std::function<void()> what) {
        events_.push({true_ns, ++order_, std::move(what)});
    }

    int64_t now() const { return true_ns_; }
    int64_t local(const Node& node) const {
        return epoch + true_ns_ + static_cast<int64_t>(static_cast<double>(true_ns_) * node.rate);
    }
    int64_t media(const Node& node) const;

  private:
    static constexpr int64_t epoch = 1'000 * second;
    struct Event {
        int64_t at;
        uint64_t order;
        std::function<void()> what;
        bool operator<(const Event& other) const {
            return at != other.at ? at > other.at : order > other.order;
        }
    };
    void tick_forever();
    void serve(Node& node);
    void observe(Node& node);
    double uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }

    std::mt19937 random_;
    int64_t true_ns_ = 0;
    uint64_t order_ = 0;
    std::priority_queue<Event> events_;
    std::vector<std::unique_ptr<Node>> nodes_;
};

} // namespace tutti::aes67::ptp::test
