// What the filter of DSD to PCM does, measured; docs/dop.md has the numbers. `make filter` prints them.
#include "dsd_filter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "dop_stage.hpp"
#include "dop_stream.hpp"
#include "dsd_signal.hpp"

using namespace tutti::dop;
using namespace tutti::dop::test;

namespace dsd_filter_test {

namespace {

constexpr size_t window = 31;
constexpr double pass_edge = 0.113; // of the frame rate: 20 kHz at 176.4 kHz
constexpr double stop_edge = 0.343;

using Words = std::array<uint16_t, 2 * window>;

float evaluate(const Words& words, bool pairs) {
    const DsdFilter& filter = DsdFilter::for_words(pairs ? 2 : 1);
    return pairs ? filter.evaluate(words.data(), words.data() + window) : filter.evaluate(words.data());
}

// Half of what turning a bit over changes is the bit's tap: the filter is linear. In silence, where sums are
// small and rounding is, too.
std::vector<double> measured_taps(bool pairs) {
    std::vector<double> taps;
    for (size_t frame = 0; frame < window; ++frame) {
        for (size_t bit = 0; bit < (pairs ? 32 : 16); ++bit) {
            Words words;
            words.fill(0x6969);
            const auto mask = static_cast<uint16_t>(0x8000u >> bit % 16);
            const double before = evaluate(words, pairs);
            words[frame + (bit < 16 ? 0 : window)] ^= mask;
            const double change = evaluate(words, pairs) - before;
            taps.push_back((0x6969 & mask) == 0 ? change / 2 : -change / 2);
        }
    }
    return taps;
}

// The filter by its formula, in double precision throughout.
std::vector<double> reference_taps(uint32_t bits_a_frame) {
    const size_t count = window * bits_a_frame;
    const double middle = static_cast<double>(count - 1) / 2;
    const double beta = 0.1102 * (110 - 8.7);
    std::vector<double> taps(count);
    double sum = 0;
    for (size_t i = 0; i < count; ++i) {
        const double from = static_cast<double>(i) - middle;
        const double x = 2 * std::numbers::pi * 0.228 / bits_a_frame * from;
        double bessel = 0; // I0 by its integral
        for (int k = 0; k < 2000; ++k) {
            const double angle = std::numbers::pi * (k + 0.5) / 2000;
            bessel +=
                std::exp(beta * std::sqrt(1 - from * from / (middle * middle)) * std::cos(angle)) / 2000;
        }
        taps[i] = std::sin(x) / x * bessel;
        sum += taps[i];
    }
    for (double& tap : taps)
        tap /= sum;
    return taps;
}

double gain_db(const std::vector<double>& taps, double frequency) {
    std::complex<double> sum = 0;
    for (size_t i = 0; i < taps.size(); ++i)
        sum += taps[i] * std::polar(1.0, -2 * std::numbers::pi * frequency * static_cast<double>(i));
    return 20 * std::log10(std::abs(sum) + 1e-30);
}

// Tone over everything else up to the pass band's edge, dB.
double in_band_snr(const std::vector<double>& samples, size_t tone_bin) {
    const size_t count = samples.size();
    std::vector<std::complex<double>> turn(count);
    std::vector<double> windowed(count);
    for (size_t i = 0; i < count; ++i) {
        const double x = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(count);
        turn[i] = std::polar(1.0, -x);
        windowed[i] = samples[i] * (0.35875 - 0.48829 * std::cos(x) + 0.14128 * std::cos(2 * x) -
                                    0.01168 * std::cos(3 * x)); // Blackman-Harris
    }
    double tone = 0;
    double noise = 0;
    constexpr size_t lobe = 4;
    const auto last = static_cast<size_t>(pass_edge * static_cast<double>(count));
    for (size_t bin = lobe + 1; bin <= last; ++bin) {
        std::complex<double> sum = 0;
        for (size_t i = 0; i < count; ++i)
            sum += windowed[i] * turn[bin * i % count];
        const bool is_tone = bin + lobe >= tone_bin && bin <= tone_bin + lobe;
        (is_tone ? tone : noise) += std::norm(sum);
    }
    return 10 * std::log10(tone / noise);
}

std::vector<float> dop_of_bits(const std::vector<bool>& bits, bool pairs) {
    const size_t channels = pairs ? 2 : 1;
    std::vector<std::vector<uint16_t>> words(channels);
    for (size_t i = 0; i < bits.size(); i += 16) {
        uint16_t word = 0;
        for (size_t bit = 0; bit < 16; ++bit)
            word = static_cast<uint16_t>(word << 1 | (bits[i + bit] ? 1 : 0));
        words[i / 16 % channels].push_back(word);
    }
    return dop_of(words, pairs);
}

} // namespace

TEST_CASE("the filter passes 20 kHz of DSD64 flat, stops from 60.5 kHz on, and delays all the same") {
    for (const bool pairs : {false, true}) {
        const double bits = pairs ? 32 : 16;
        const std::vector<double> taps = measured_taps(pairs);
        double ripple = 0;
        for (double f = 0; f <= pass_edge; f += pass_edge / 400)
            ripple = std::max(ripple, std::fabs(gain_db(taps, f / bits)));
        double stop = -300;
        for (double f = stop_edge; f <= bits / 2; f += 0.003)
            stop = std::max(stop, gain_db(taps, f / bits));
        const double corner = gain_db(taps, 0.228 / bits);
        MESSAGE(taps.size() << " taps: pass band to " << pass_edge << " of the frame rate within +-" << ripple
                            << " dB, " << corner << " dB at 0.228, stop band from " << stop_edge << " at "
                            << stop << " dB");
        CHECK(ripple < 0.0005);
        CHECK(stop < -105);
        CHECK(corner == doctest::Approx(-6.02).epsilon(0.01));
        for (size_t i = 0; i < taps.size(); ++i) // linear in phase
            CHECK(std::fabs(taps[i] - taps[taps.size() - 1 - i]) < 3e-7);
    }
}

TEST_CASE("conversion is the filter's reference of double precision, sample by sample, and keeps the "
          "signal's SNR") {
    constexpr size_t count = 8192;
    constexpr size_t lead = 400; // frames before: the modulator and the filter settle
    constexpr size_t tone_bin = 47;
    for (const bool pairs : {false, true}) {
        const uint32_t bits_a_frame = pairs ? 32 : 16;
        const size_t frames = count + lead + 64;
        const auto bits = tone_bits(static_cast<double>(tone_bin) / count, 0.5, frames, bits_a_frame);
        RunningStage stage(converting_stage(), pairs ? 2 : 1);
        REQUIRE(stage.delay() == 31);
        const std::vector<float> out = stage.run(dop_of_bits(bits, pairs));
        CHECK(stage.content == (pairs ? TUTTI_CONTENT_DSD | TUTTI_CONTENT_DSD_PAIRS : TUTTI_CONTENT_DSD));
        const std::vector<double> taps = reference_taps(bits_a_frame);
        std::vector<double> converted;
        std::vector<double> reference;
        double error = 0;
        double signal = 0;
        for (size_t frame = lead; frame < lead + count; ++frame) {
            const size_t channels = pairs ? 2 : 1;
            const float sample = out[(frame + stage.delay()) * channels];
            if (pairs)
                CHECK(out[(frame + stage.delay()) * channels + 1] == sample);
            double sum = 0;
            for (size_t i = 0; i < taps.size(); ++i)
                sum += taps[i] * (bits[(frame - 15) * bits_a_frame + i] ? 1 : -1);
            converted.push_back(sample);
            reference.push_back(sum);
            error += (sample - sum) * (sample - sum);
            signal += sum * sum;
        }
        const double exact = 10 * std::log10(signal / error);
        const double snr = in_band_snr(converted, tone_bin);
        const double possible = in_band_snr(reference, tone_bin);
        MESSAGE((pairs ? "pairs" : "plain")
                << ": within " << exact << " dB of the reference; tone at -6 dBFS, SNR " << snr
                << " dB to 20 kHz (reference " << possible << " dB), level "
                << line_db(converted, static_cast<double>(tone_bin) / count) << " dBFS");
        CHECK(exact > 125);
        CHECK(std::fabs(snr - possible) < 0.5);
        CHECK(line_db(converted, static_cast<double>(tone_bin) / count) ==
              doctest::Approx(-6.0206).epsilon(0.001));
    }
}

TEST_CASE("at a change neither DSD is heard as PCM nor PCM as DSD, and silence of DSD is silence") {
    const auto pcm = random_pcm(400);
    const std::vector<std::vector<uint16_t>> idle(1, std::vector<uint16_t>(400, 0x6969));
    RunningStage stage(converting_stage(), 1);
    auto given = pcm;
    const auto dsd = dop_of(idle);
    given.insert(given.end(), dsd.begin(), dsd.end());
    given.insert(given.end(), pcm.begin(), pcm.end());
    given.resize(given.size() + stage.delay());
    const auto out = stage.run(given);
    for (size_t i = 0; i < 1200; ++i) {
        const float heard = out[i + stage.delay()];
        if (i < 400 || i >= 800)
            CHECK(heard == given[i]);
        else
            CHECK(std::fabs(heard) < 1e-5F);
    }
    // So is what was lost.
    RunningStage lossy(converting_stage(), 1);
    lossy.run(dsd);
    lossy.gap(100);
    for (const float sample : lossy.gap(100))
        CHECK(std::fabs(sample) < 1e-5F);
}

TEST_CASE("one channel of a pair is silent while the other one is not there") {
    RunningStage stage(converting_stage(), 1);
    for (const float sample : stage.run(dop_of(random_bits(1, 500), true)))
        CHECK(std::fabs(sample) < 0.05F);
}

} // namespace dsd_filter_test
