// Codecs with a stage, played bit for bit: packets in any order, in virtual time.
#include "direct_playout.hpp"
#include "staged_codec.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace tutti;

namespace staged_playout_test {
using test::ShowingStage;

namespace {

constexpr uint32_t rate = 352'800;
constexpr uint32_t packet_frames = 48;
constexpr uint32_t link_offset = 7056; // 20 ms: gaps are finished 8 ms ahead
constexpr uint32_t cycle_frames = 200;

/// A value of 24 bits that says its index.
float value_at(int64_t index) {
    return static_cast<float>(index % 1'000'000 + 1) / 8388608.0F;
}

/// One channel, received on input 1; what an application hears of it, index by index.
class StagedBench {
  public:
    template <uint32_t delay>
    explicit StagedBench(std::integral_constant<uint32_t, delay>)
        : codec_(test::staged_l24<delay>()), words_(arrival_words_at + ArrivalBins::count),
          telemetry_(words_.data()), region_file_("staged.device") {
        std::string error;
        region_ = DeviceRegion::open(region_file_.path(), {"test", rate, 2, 1}, error);
        REQUIRE(region_ != nullptr);
        ReceiverPlan plan;
        plan.rate = rate;
        plan.channels = 1;
        plan.timing = Timing::shared;
        std::unique_ptr<Stage> stage;
        REQUIRE_FALSE(Stage::create(codec_, 1, rate, false, stage).has_value());
        playout_ = std::make_unique<DirectPlayout>(plan, codec_, std::move(stage), telemetry_);
        now_ = 1'000'000'000;
        first_ = listened_ = now_;
        region_->restart(now_);
    }

    /// The packet whose first frame has that index on the timeline, as it comes in.
    void deliver(int64_t timestamp, bool duplicate = false) {
        std::vector<uint8_t> payload;
        for (int64_t i = timestamp; i < timestamp + packet_frames; ++i) {
            const auto word = static_cast<uint32_t>(i % 1'000'000 + 1);
            payload.insert(payload.end(), {static_cast<uint8_t>(word >> 16), static_cast<uint8_t>(word >> 8),
                                           static_cast<uint8_t>(word)});
        }
        const test::AllocationGuard guard;
        playout_->add({payload.data(), packet_frames, static_cast<uint32_t>(timestamp),
                       tutti_media_ns(now_, rate), duplicate},
                      {routes_, link_offset}, context());
        allocations_ += guard.count();
    }
    void cycle() {
        for (; listened_ < now_; ++listened_)
            heard_.push_back(region_->input_frame(listened_)[0]);
        {
            const test::AllocationGuard guard;
            playout_->end_cycle({routes_, link_offset}, context());
            allocations_ += guard.count();
        }
        region_->advance_input_horizon(now_ + region_->ring_frames() / 2);
        now_ += cycle_frames;
    }
    /// What was heard at an index.
    [[nodiscard]] float heard(int64_t index) const {
        return heard_.at(static_cast<std::size_t>(index - first_));
    }
    [[nodiscard]] CycleContext context() const {
        CycleContext cycle;
        cycle.timeline = {0, 0, 0, rate};
        cycle.local_now = tutti_media_ns(now_, rate);
        cycle.index_now = now_;
        cycle.region = region_.get();
        return cycle;
    }
    [[nodiscard]] uint64_t count(ReceiverField field) const { return telemetry_.get(field); }

    int64_t now_ = 0;
    uint64_t allocations_ = 0;
    std::unique_ptr<DirectPlayout> playout_;

  private:
    const tutti_codec& codec_;
    std::vector<uint64_t> words_;
    TelemetrySlot<ReceiverField> telemetry_;
    test::ScratchFile region_file_;
    std::unique_ptr<DeviceRegion> region_;
    std::vector<RouteRun> routes_{{0, 0, 1}};
    std::vector<float> heard_;
    int64_t first_ = 0;
    int64_t listened_ = 0;
};

/// Twenty cycles' worth of a stream in which every fifth packet is lost and neighbours are swapped; what was
/// heard of it is compared with what must be.
template <uint32_t delay> void play_with_losses() {
    StagedBench bench(std::integral_constant<uint32_t, delay>{});
    const int64_t start = bench.now_ / packet_frames * packet_frames;
    std::set<int64_t> lost;
    int64_t next = start;
    int sent = 0;
    while (bench.now_ < start + 20'000) {
        std::vector<int64_t> due;
        for (; next + packet_frames <= bench.now_; next += packet_frames, ++sent) {
            if (sent % 5 == 4)
                lost.insert(next);
            else
                due.push_back(next);
        }
        if (next > start + cycle_frames) // the first packet to come is where a stream begins
            std::reverse(due.begin(), due.end());
        for (const int64_t timestamp : due) {
            bench.deliver(timestamp);
            bench.deliver(timestamp, true);
        }
        bench.cycle();
    }
    bool same = true;
    for (int64_t index = start; index < bench.now_ - 2 * link_offset; ++index) {
        const bool came = !lost.contains(index / packet_frames * packet_frames);
        same &= bench.heard(index + link_offset) == (came ? value_at(index) : ShowingStage::missing_sample);
    }
    CHECK(same);
    CHECK(lost.size() > 50);
    CHECK(bench.count(ReceiverField::late) == 0);
    CHECK(bench.count(ReceiverField::early) == 0);
    CHECK(bench.count(ReceiverField::missing_frames) > 20 * packet_frames);
    CHECK(bench.allocations_ == 0);
}

} // namespace

TEST_CASE(
    "a stage sees every frame once, in order, and is told which ones never came; its delay is made up for") {
    play_with_losses<0>();
    play_with_losses<31>();
}

TEST_CASE("a stage goes on when the stream does not, and when the stream is another one") {
    StagedBench bench(std::integral_constant<uint32_t, 0>{});
    const int64_t start = bench.now_;
    for (int64_t next = start; bench.now_ < start + 5000; bench.cycle()) {
        for (; next + packet_frames <= bench.now_; next += packet_frames)
            bench.deliver(next);
    }
    while (bench.now_ < start + 200'000)
        bench.cycle();
    CHECK(bench.heard(start + 100'000) == ShowingStage::missing_sample);
    CHECK(bench.count(ReceiverField::dsd_rate) == rate * 16);
    CHECK(bench.count(ReceiverField::dsd_words) == 1);
    bench.playout_->restart();
    while (bench.now_ < start + 300'000)
        bench.cycle();
    bool all = true;
    for (int64_t index = start + 10'000 + link_offset; index < start + 290'000; ++index)
        all &= bench.heard(index) == ShowingStage::missing_sample;
    CHECK(all);
}

TEST_CASE("a packet that comes when its frames were finished already is late, and does not undo them") {
    StagedBench bench(std::integral_constant<uint32_t, 0>{});
    const int64_t start = bench.now_;
    bench.deliver(start);
    bench.cycle();
    bench.deliver(start + 2 * packet_frames); // one is missing between
    while (bench.now_ < start + link_offset)
        bench.cycle();
    bench.deliver(start + packet_frames);
    CHECK(bench.count(ReceiverField::late) == 1);
    while (bench.now_ < start + 2 * link_offset)
        bench.cycle();
    CHECK(bench.heard(start + link_offset) == value_at(start));
    CHECK(bench.heard(start + link_offset + packet_frames) == ShowingStage::missing_sample);
    CHECK(bench.heard(start + link_offset + 2 * packet_frames) == value_at(start + 2 * packet_frames));
}

} // namespace staged_playout_test
