#include "dop_stage.hpp"

#include <doctest/doctest.h>

#include "allocation_count.hpp"
#include "dop_stream.hpp"

using namespace tutti::dop;
using namespace tutti::dop::test;

namespace dop_stage_test {

namespace {

constexpr uint32_t dsd_words = TUTTI_CONTENT_DSD | TUTTI_CONTENT_WORDS;

bool is_idle(const std::vector<float>& frames) {
    for (const float sample : frames) {
        if ((word_of(sample) & 0xFFFF) != 0x6969)
            return false;
    }
    return true;
}

} // namespace

TEST_CASE("DoP of every packing, with either marker first, passes bit for bit and is told as DSD") {
    for (const bool pairs : {false, true}) {
        for (const bool first : {false, true}) {
            const auto frames = dop_of(random_bits(4, 2000), pairs, first);
            RunningStage stage(automatic_stage(), 4);
            CHECK(stage.delay() == 0);
            CHECK(stage.run(frames) == frames);
            CHECK(stage.content == (pairs ? dsd_words | TUTTI_CONTENT_DSD_PAIRS : dsd_words));
        }
    }
}

TEST_CASE("PCM passes bit for bit and is not told as DSD, and so is silence") {
    for (const auto& pcm : {random_pcm(2 * 4000), std::vector<float>(2 * 4000)}) {
        RunningStage stage(automatic_stage(), 2);
        CHECK(stage.run(pcm) == pcm);
        CHECK(stage.content == 0);
        RunningStage converting(converting_stage(), 2);
        const size_t delay = 2 * converting.delay();
        const auto out = converting.run(pcm);
        CHECK(std::equal(out.begin() + static_cast<long>(delay), out.end(), pcm.begin()));
        CHECK(converting.content == 0);
    }
}

TEST_CASE("detection takes 32 frames with alternating markers: 31 are PCM") {
    const auto frames = dop_of(random_bits(1, 32));
    RunningStage stage(automatic_stage(), 1);
    stage.run({frames.begin(), frames.begin() + 31});
    CHECK(stage.content == 0);
    stage.run({frames.begin() + 31, frames.end()});
    CHECK(stage.content == dsd_words);
    // Markers that do not alternate are none, however many there are.
    RunningStage same(automatic_stage(), 1);
    const std::vector<float> repeated(500, sample_of(0x051234));
    CHECK(same.run(repeated) == repeated);
    CHECK(same.content == 0);
}

TEST_CASE(
    "gaps of any length are DSD idle with the markers alternating, never zeros, and what follows is exact") {
    std::mt19937 random(3);
    const auto whole = dop_of(random_bits(2, 20'000));
    RunningStage stage(automatic_stage(), 2);
    std::vector<float> out;
    size_t gaps = 0;
    for (size_t at = 0; at < 20'000;) {
        const size_t length = std::min<size_t>(1 + random() % 300, 20'000 - at);
        const bool lost = at > 100 && random() % 3 == 0;
        const auto from = whole.begin() + static_cast<long>(2 * at);
        const std::vector<float> part(from, from + static_cast<long>(2 * length));
        const auto made = lost ? stage.gap(length) : stage.run(part);
        if (lost) {
            CHECK(is_idle(made));
            ++gaps;
        } else {
            CHECK(made == part);
        }
        out.insert(out.end(), made.begin(), made.end());
        at += length;
    }
    CHECK(gaps > 10);
    CHECK(markers_alternate(out, 2));
    // A stream that never comes again stays idle.
    CHECK(is_idle(stage.gap(100'000)));
    CHECK(stage.content == dsd_words);
}

TEST_CASE("zeros on a stream that is DSD are a gap, whoever sends them") {
    RunningStage stage(automatic_stage(), 2);
    stage.run(dop_of(random_bits(2, 100)));
    const auto silent = stage.run(std::vector<float>(2 * 5000));
    CHECK(is_idle(silent));
    CHECK(markers_alternate(silent, 2));
    CHECK(stage.content == dsd_words);
}

TEST_CASE("DSD is lost after 32 frames that do not fit, idle until then; fewer change nothing") {
    auto frames = dop_of(random_bits(1, 1000));
    const auto given = frames;
    const auto pcm = random_pcm(1000);
    for (size_t f = 500; f < 531; ++f)
        frames[f] = pcm[f];
    RunningStage stage(automatic_stage(), 1);
    const auto out = stage.run(frames);
    CHECK(stage.content == dsd_words);
    CHECK(markers_alternate(out, 1));
    for (size_t f = 0; f < 1000; ++f)
        CHECK(out[f] == (f < 500 || f >= 531 ? given[f] : sample_of((f % 2 == 0 ? 0x056969u : 0xFA6969u))));
    const auto changed = stage.run(pcm);
    CHECK(stage.content == 0);
    CHECK(is_idle({changed.begin(), changed.begin() + 31}));
    CHECK(std::equal(changed.begin() + 31, changed.end(), pcm.begin() + 31));
}

TEST_CASE("a stream that goes on with its markers the other way round leaves with them as before") {
    const auto bits = random_bits(1, 400);
    RunningStage stage(automatic_stage(), 1);
    auto out = stage.run(dop_of(bits));                        // ends with 0xFA
    const auto turned = stage.run(dop_of(bits, false, false)); // begins with 0xFA
    out.insert(out.end(), turned.begin(), turned.end());
    CHECK(markers_alternate(out, 1));
    CHECK(is_idle({turned.begin(), turned.begin() + 31}));
    for (size_t f = 31; f < 400; ++f)
        CHECK((word_of(turned[f]) & 0xFFFF) == bits[0][f]);
}

TEST_CASE("channels are told apart: DSD beside PCM") {
    const auto dsd = dop_of(random_bits(1, 3000));
    const auto pcm = random_pcm(3000);
    std::vector<float> frames;
    for (size_t f = 0; f < 3000; ++f)
        frames.insert(frames.end(), {pcm[f], dsd[f]});
    RunningStage stage(automatic_stage(), 2);
    CHECK(stage.run(frames) == frames);
    CHECK(stage.content == dsd_words);
    const auto gap = stage.gap(10);
    for (size_t f = 0; f < 10; ++f) {
        CHECK(gap[2 * f] == 0);
        CHECK((word_of(gap[2 * f + 1]) & 0xFFFF) == 0x6969);
    }
}

TEST_CASE("a reset forgets the filter's past, not that the stream is DSD") {
    RunningStage stage(automatic_stage(), 1);
    stage.run(dop_of(random_bits(1, 100)));
    stage.reset();
    CHECK(is_idle(stage.gap(100)));
}

TEST_CASE("what is resampled afterwards is converted by either codec") {
    RunningStage stage(automatic_stage(), 2, 176'400, true);
    CHECK(stage.delay() == 31);
    stage.run(dop_of(random_bits(2, 100)));
    CHECK(stage.content == TUTTI_CONTENT_DSD);
}

TEST_CASE("the same comes out however the frames are cut into blocks, and nothing is allocated") {
    auto frames = dop_of(random_bits(2, 3000));
    const auto pcm = random_pcm(2 * 1000);
    std::copy(pcm.begin(), pcm.end(), frames.begin() + 2 * 1000);
    for (const tutti_stage* table : {&automatic_stage(), &converting_stage()}) {
        RunningStage whole(*table, 2);
        const auto expected = whole.run(frames);
        RunningStage cut(*table, 2);
        auto out = frames;
        std::mt19937 random(5);
        const uint64_t before = tutti::test::allocations();
        for (uint32_t at = 0; at < 3000;) {
            const uint32_t length = std::min<uint32_t>(random() % 70, 3000 - at);
            cut.run(out.data() + 2 * at, length);
            at += length;
        }
        CHECK(tutti::test::allocations() == before);
        CHECK(out == expected);
    }
}

TEST_CASE("samples that no codec makes are no DoP and do no harm") {
    std::vector<float> odd;
    for (int i = 0; i < 500; ++i)
        odd.insert(odd.end(), {std::nanf(""), INFINITY, -INFINITY, 1.0F, -1.0F, 3e38F, 1e-40F});
    RunningStage stage(automatic_stage(), 7);
    stage.run(odd);
    CHECK(stage.content == 0);
}

TEST_CASE("a stage is refused for no channels and for more than a stream may have") {
    for (const uint32_t channels : {0u, 129u}) {
        const tutti_stage_format format{sizeof(tutti_stage_format), TUTTI_ABI, channels, 176'400, 0};
        char error[100] = "";
        CHECK(automatic_stage().start(&format, error, sizeof error) == nullptr);
        CHECK(std::string(error) != "");
    }
}

} // namespace dop_stage_test
