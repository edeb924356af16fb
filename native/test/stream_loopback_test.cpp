// Sender to receiver through the kernel's loopback interface, cycle by cycle in virtual time: no waiting, no
// noise.
#include "allocation_guard.hpp"
#include "audio_cycle.hpp"
#include "plugin_registry.hpp"
#include "random.hpp"
#include "scratch_file.hpp"
#include "stream_table.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>

#include <vector>

using namespace tutti;

namespace stream_loopback_test {

namespace {

struct Format {
    uint32_t rate;
    uint32_t channels;
    uint32_t frames;
};

/// An engine without its thread: the test is the audio thread.
class Bench {
  public:
    explicit Bench(const Format& format) : region_file_("loop.device"), telemetry_file_("loop.telemetry") {
        std::string error;
        REQUIRE(telemetry_.create(telemetry_file_.path(), error));
        REQUIRE_FALSE(
            plugins_.load({"codec", "L24", std::string(TUTTI_TEST_PLUGINS) + "/good.so"}).has_value());
        plan_.device = {"test", format.rate, 128, 128};
        region_ = DeviceRegion::open(region_file_.path(), plan_.device, error);
        REQUIRE(region_ != nullptr);
        cycle_ = std::make_unique<AudioCycle>(clock_, telemetry_);
        table_ = std::make_unique<StreamTable>(cycle_->packets(), telemetry_, [this] { settle(); });
        now_ = local_now_ns();
        now_ = line().local_ns_of((line().index_at(now_) / format.frames + 1) * format.frames);
    }

    ~Bench() {
        table_->clear();
        cycle_->swap(nullptr);
    }

    void apply() {
        std::vector<PlanProblem> problems;
        table_->apply(plan_, plugins_, problems);
        for (const PlanProblem& problem : problems)
            FAIL((problem.id + ": " + problem.problem.message));
    }

    void step() { now_ = cycle_->run(now_); }

    [[nodiscard]] Timeline line() const {
        const tutti_clock_relation relation = clock_.relation();
        return {relation.local_ns, relation.media_ns, relation.rate_deviation, plan_.device.rate};
    }
    [[nodiscard]] int64_t index() const { return line().index_at(now_); }
    [[nodiscard]] DeviceRegion& region() { return *region_; }
    [[nodiscard]] AudioCycle& cycle() { return *cycle_; }
    [[nodiscard]] StreamTable& table() { return *table_; }
    [[nodiscard]] uint64_t received(ReceiverField field) {
        return TelemetrySlot<ReceiverField>(slot_words(Telemetry::receiver_offset)).get(field);
    }
    Plan plan_;

  private:
    uint64_t* slot_words(uint32_t offset) {
        if (view_.data() == nullptr) {
            std::string error;
            REQUIRE(view_.open(telemetry_file_.path(), Telemetry::total_bytes, error));
        }
        return reinterpret_cast<uint64_t*>(view_.data() + offset);
    }
    void settle() {
        auto fresh = std::make_unique<const StreamSet>(table_->snapshot(region_.get()));
        cycle_->swap(fresh.get());
        now_ = cycle_->run(now_);
        set_ = std::move(fresh);
    }

    test::ScratchFile region_file_;
    test::ScratchFile telemetry_file_;
    Telemetry telemetry_;
    SharedFile view_;
    PluginRegistry plugins_;
    ClockBridge clock_;
    std::unique_ptr<DeviceRegion> region_;
    std::unique_ptr<AudioCycle> cycle_;
    std::unique_ptr<StreamTable> table_;
    std::unique_ptr<const StreamSet> set_;
    int64_t now_ = 0;
};

constexpr uint32_t link_offset = 2000;

void add_loop(Plan& plan, const Format& format, const std::string& group, uint32_t rtp_offset) {
    SenderPlan sender{
        "s", "L24", format.channels, format.frames, 98, rtp_offset, 34, 4, {{group, 5004, "127.0.0.1"}}, {}};
    ReceiverPlan receiver{"r",
                          "L24",
                          format.rate,
                          format.channels,
                          98,
                          link_offset,
                          Timing::shared,
                          rtp_offset,
                          {{group, 5004, "127.0.0.1", {}}},
                          {}};
    for (uint32_t c = 0; c < format.channels; ++c) {
        sender.routes.push_back({c, c + 3});
        receiver.routes.push_back({c, 127 - c});
    }
    plan.senders = {sender};
    plan.receivers = {receiver};
}

/// A 24-bit sample that is different for every index and channel.
float sample(int64_t index, uint32_t channel) {
    test::Random random(static_cast<uint64_t>(index) * 131 + channel + 1);
    random.next();
    return static_cast<float>(static_cast<int32_t>(random.below(1 << 24)) - (1 << 23)) / 8388608.0f;
}

} // namespace

TEST_CASE("what is written to outputs comes back on inputs after the link offset, bit for bit, without an "
          "allocation") {
    const Format formats[] = {{48000, 8, 48},   {44100, 2, 48},  {96000, 1, 12}, {48000, 64, 6},
                              {192000, 2, 192}, {384000, 8, 48}, {48000, 2, 192}};
    for (const Format& format : formats) {
        CAPTURE(format.rate);
        CAPTURE(format.channels);
        CAPTURE(format.frames);
        Bench bench(format);
        add_loop(bench.plan_, format, "239.255.77.1", 0x89ABCDEF);
        bench.apply();
        bench.step();
        const int64_t first = bench.index() + 4 * format.frames;
        const int64_t last = first + format.rate / 4;
        int64_t written = first;
        int64_t checked = first + link_offset;
        uint64_t allocations = 0;
        while (checked < last) {
            for (; written < bench.index() + 3 * format.frames; ++written) {
                for (uint32_t c = 0; c < format.channels; ++c)
                    bench.region().output_frame(written)[c + 3] = sample(written, c);
            }
            {
                const test::AllocationGuard guard;
                bench.step();
                allocations += guard.count();
            }
            for (; checked < bench.index() - 2; ++checked) {
                for (uint32_t c = 0; c < format.channels; ++c) {
                    REQUIRE_EQ(bench.region().input_frame(checked)[127 - c],
                               sample(checked - link_offset, c));
                }
            }
        }
        CHECK_EQ(allocations, 0);
        CHECK_EQ(bench.received(ReceiverField::lost), 0);
        CHECK_EQ(bench.received(ReceiverField::late), 0);
        CHECK_EQ(bench.received(ReceiverField::malformed), 0);
        CHECK_GT(bench.received(ReceiverField::packets), 10);
    }
    CHECK(test::AllocationGuard::is_active() ==
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
          false
#else
          true
#endif
    );
}

TEST_CASE("changing the routes of one stream leaves another stream's samples alone") {
    const Format format{48000, 2, 48};
    Bench bench(format);
    add_loop(bench.plan_, format, "239.255.77.2", 0);
    SenderPlan sender = bench.plan_.senders[0];
    ReceiverPlan receiver = bench.plan_.receivers[0];
    sender.id = "s2";
    receiver.id = "r2";
    sender.legs[0].address = receiver.legs[0].address = "239.255.77.3";
    receiver.routes = {{0, 10}, {1, 11}};
    bench.plan_.senders.push_back(sender);
    bench.plan_.receivers.push_back(receiver);
    bench.apply();
    const int64_t first = bench.index() + 200;
    int64_t written = first;
    int64_t checked = first + link_offset;
    for (int cycle = 0; cycle < 400; ++cycle) {
        for (; written < bench.index() + 200; ++written) {
            for (uint32_t c = 0; c < 2; ++c)
                bench.region().output_frame(written)[c + 3] = sample(written, c);
        }
        bench.step();
        if (cycle % 20 == 10) {
            const auto shift = static_cast<uint32_t>(20 + cycle / 20);
            bench.plan_.receivers[1].routes = {{0, shift}};
            bench.apply();
        }
        for (; checked < bench.index() - 2; ++checked) {
            for (uint32_t c = 0; c < 2; ++c)
                REQUIRE_EQ(bench.region().input_frame(checked)[127 - c], sample(checked - link_offset, c));
        }
    }
    CHECK_GT(checked, first + link_offset + 10000);
}

TEST_CASE("after the sender is gone the inputs fall silent") {
    const Format format{48000, 1, 48};
    Bench bench(format);
    add_loop(bench.plan_, format, "239.255.77.4", 0);
    bench.apply();
    for (int cycle = 0; cycle < 100; ++cycle) {
        for (int64_t n = bench.index() + 96; n < bench.index() + 144; ++n)
            bench.region().output_frame(n)[3] = 0.5f;
        bench.step();
    }
    CHECK_EQ(bench.region().input_frame(bench.index() - 10)[127], 0.5f);
    bench.plan_.senders.clear();
    bench.apply();
    for (int cycle = 0; cycle < 200; ++cycle)
        bench.step();
    for (int64_t n = bench.index() - 100; n < bench.index(); ++n)
        REQUIRE_EQ(bench.region().input_frame(n)[127], 0.0f);
}

TEST_CASE("a receiver on a port that another program has is refused with the field and the reason") {
    const Format format{48000, 1, 48};
    Bench bench(format);
    const int other = socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(45004);
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    REQUIRE_EQ(bind(other, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    ReceiveSocket socket;
    const auto problem = ReceiveSocket::open({"127.0.0.1", 45004, "127.0.0.1", {}}, "legs[0]", socket);
    close(other);
    REQUIRE(problem.has_value());
    CHECK_EQ(problem->code, "conflict");
    CHECK_EQ(problem->field, "legs[0].port");
    const auto gone = ReceiveSocket::open({"239.1.1.1", 45004, "203.0.113.9", {}}, "legs[0]", socket);
    REQUIRE(gone.has_value());
    CHECK_EQ(gone->code, "interfaceGone");
}

TEST_CASE("hostile packets are counted and touch nothing but the inputs of their own receiver") {
    const Format format{48000, 2, 48};
    Bench bench(format);
    add_loop(bench.plan_, format, "239.255.77.5", 0);
    bench.plan_.senders.clear();
    bench.apply();
    const FileDescriptor attacker(socket(AF_INET, SOCK_DGRAM, 0));
    sockaddr_in group{};
    group.sin_family = AF_INET;
    group.sin_port = htons(5004);
    group.sin_addr.s_addr = inet_addr("239.255.77.5");
    in_addr loopback{htonl(INADDR_LOOPBACK)};
    REQUIRE_EQ(setsockopt(attacker.get(), IPPROTO_IP, IP_MULTICAST_IF, &loopback, sizeof(loopback)), 0);
    test::Random random(8);
    std::vector<uint8_t> packet(1900);
    uint64_t sent = 0;
    for (int cycle = 0; cycle < 500; ++cycle) {
        for (int i = 0; i < 40; ++i) {
            const auto bytes = static_cast<std::size_t>(random.below(1900));
            for (std::size_t b = 0; b < bytes; ++b)
                packet[b] = static_cast<uint8_t>(random.next() >> 40);
            if (bytes > 12 &&
                i % 2 == 0) { // a plausible header: hostile timestamps and lengths then reach the placement
                packet[0] = static_cast<uint8_t>(0x80 | (random.below(4) == 0 ? random.below(64) : 0));
                packet[1] = 98;
                const auto near = static_cast<uint32_t>(bench.index() + random.below(40000) - 20000);
                for (std::size_t b = 0; b < 4; ++b)
                    packet[4 + b] = static_cast<uint8_t>(near >> (24 - 8 * b));
            }
            if (sendto(attacker.get(), packet.data(), bytes, 0, reinterpret_cast<sockaddr*>(&group),
                       sizeof(group)) >= 0)
                ++sent;
        }
        bench.step();
    }
    const uint64_t counted =
        bench.received(ReceiverField::packets) + bench.received(ReceiverField::malformed) +
        bench.received(ReceiverField::wrong_payload_type) + bench.received(ReceiverField::ssrc_conflicts);
    CHECK_GT(bench.received(ReceiverField::malformed), 1000);
    CHECK_LE(counted, sent);
    CHECK_GT(counted, sent / 2);
    for (int64_t n = bench.index() - 16000; n < bench.index() + 16000; ++n) {
        for (uint32_t c = 0; c < 126; ++c)
            REQUIRE_EQ(bench.region().input_frame(n)[c], 0.0f);
    }
}

TEST_CASE("of two legs the first copy of a packet wins and the second counts as a duplicate") {
    const Format format{48000, 2, 48};
    Bench bench(format);
    add_loop(bench.plan_, format, "239.255.77.6", 0);
    bench.plan_.senders[0].legs.push_back({"239.255.77.7", 5004, "127.0.0.1"});
    bench.plan_.receivers[0].legs.push_back({"239.255.77.7", 5004, "127.0.0.1", {}});
    bench.apply();
    const int64_t first = bench.index() + 200;
    int64_t written = first;
    int64_t checked = first + link_offset;
    for (int cycle = 0; cycle < 300; ++cycle) {
        for (; written < bench.index() + 200; ++written) {
            for (uint32_t c = 0; c < 2; ++c)
                bench.region().output_frame(written)[c + 3] = sample(written, c);
        }
        bench.step();
        for (; checked < bench.index() - 2; ++checked) {
            for (uint32_t c = 0; c < 2; ++c)
                REQUIRE_EQ(bench.region().input_frame(checked)[127 - c], sample(checked - link_offset, c));
        }
    }
    const uint64_t on_a = bench.received(ReceiverField::leg_a_packets);
    CHECK_GT(on_a, 200);
    CHECK_EQ(bench.received(ReceiverField::leg_b_packets), on_a);
    CHECK_EQ(bench.received(ReceiverField::duplicate), on_a);
    CHECK_EQ(bench.received(ReceiverField::lost), 0);
}

} // namespace stream_loopback_test
