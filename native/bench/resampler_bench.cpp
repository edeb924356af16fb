// The resampler's choice, measured: libsamplerate's and soxr's variable-ratio resamplers side by side in one
// run. Prints the table of docs/resampling.md.
//
//   make -C native resampler-bench
#include "allocation_guard.hpp"
#include "local_time.hpp"

#include <samplerate.h>
#include <soxr.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

namespace {

using tutti::test::AllocationGuard;

constexpr double rate = 48000;
constexpr double tone_hz = 997; // AES17: prime to the rate
constexpr uint32_t block = 48;  // output frames a call: one tick of the engine

/// CPU time of this thread, so that a busy machine does not count.
int64_t cpu_now_ns() {
    return tutti::read_clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

struct Progress {
    std::size_t taken = 0;
    std::size_t made = 0;
};

/// What both libraries can do, in the engine's terms. `step`: input frames an output frame.
class Candidate {
  public:
    virtual ~Candidate() = default;
    virtual void set_step(double step) = 0;
    virtual Progress process(const float* in, std::size_t frames, float* out, std::size_t room) = 0;
    virtual void reset() = 0;
};

class Samplerate final : public Candidate {
  public:
    Samplerate(int converter, int channels) : state_(src_new(converter, channels, nullptr)) {}
    ~Samplerate() override { src_delete(state_); }
    void set_step(double step) override {
        ratio_ = 1 / step;
        src_set_ratio(state_, ratio_);
    }
    Progress process(const float* in, std::size_t frames, float* out, std::size_t room) override {
        SRC_DATA data{};
        data.data_in = in;
        data.input_frames = static_cast<long>(frames);
        data.data_out = out;
        data.output_frames = static_cast<long>(room);
        data.src_ratio = ratio_;
        src_process(state_, &data);
        return {static_cast<std::size_t>(data.input_frames_used),
                static_cast<std::size_t>(data.output_frames_gen)};
    }
    void reset() override { src_reset(state_); }

  private:
    SRC_STATE* state_;
    double ratio_ = 1;
};

class Soxr final : public Candidate {
  public:
    explicit Soxr(unsigned channels) {
        const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, SOXR_VR);
        state_ = soxr_create(1.01, 1, channels, nullptr, nullptr, &quality, nullptr);
        soxr_set_io_ratio(state_, 1, 0);
    }
    ~Soxr() override { soxr_delete(state_); }
    void set_step(double step) override {
        step_ = step;
        soxr_set_io_ratio(state_, step, 0);
    }
    Progress process(const float* in, std::size_t frames, float* out, std::size_t room) override {
        Progress progress;
        soxr_process(state_, in, frames, &progress.taken, out, room, &progress.made);
        return progress;
    }
    void reset() override {
        soxr_clear(state_);
        soxr_set_io_ratio(state_, step_, 0);
    }

  private:
    soxr_t state_;
    double step_ = 1;
};

struct Kind {
    const char* name;
    std::function<std::unique_ptr<Candidate>(int channels)> make;
};

/// Power that a sine of known phase leaves over in `y`, relative to it, in dB: THD+N over the whole band.
double residual_db(const std::vector<double>& phase, const std::vector<float>& y, std::size_t from) {
    std::array<double, 6> s{};
    for (std::size_t n = from; n < y.size(); ++n) {
        const double a = std::sin(phase[n]);
        const double b = std::cos(phase[n]);
        s[0] += a * a;
        s[1] += a * b;
        s[2] += b * b;
        s[3] += a * y[n];
        s[4] += b * y[n];
    }
    const double determinant = s[0] * s[2] - s[1] * s[1];
    const double gain_a = (s[3] * s[2] - s[4] * s[1]) / determinant;
    const double gain_b = (s[4] * s[0] - s[3] * s[1]) / determinant;
    double error = 0;
    for (std::size_t n = from; n < y.size(); ++n) {
        const double left = y[n] - gain_a * std::sin(phase[n]) - gain_b * std::cos(phase[n]);
        error += left * left;
    }
    const double count = static_cast<double>(y.size() - from);
    return 10 * std::log10((error / count) / ((gain_a * gain_a + gain_b * gain_b) / 2));
}

/// Feeds a tone in packets of 48 frames, as the engine does, and takes what comes, at most a block a call.
/// @param step_at input frames an output frame, by output time in seconds.
double tone_quality(Candidate& candidate, const std::function<double(double)>& step_at, double seconds) {
    const auto total = static_cast<std::size_t>(seconds * rate);
    std::vector<float> in(block);
    std::vector<float> out;
    std::vector<double> phase;
    out.reserve(total + 4096);
    phase.reserve(total + 4096);
    std::array<float, 4 * block> room{};
    int64_t fed = 0;
    double position = 0;
    const double omega = 2 * std::numbers::pi * tone_hz / rate;
    while (out.size() < total) {
        const double step = step_at(static_cast<double>(out.size()) / rate);
        candidate.set_step(step);
        for (uint32_t i = 0; i < block; ++i)
            in[i] = static_cast<float>(0.891 * std::sin(omega * static_cast<double>(fed + i)));
        std::size_t taken = 0;
        for (;;) {
            const Progress progress =
                candidate.process(in.data() + taken, block - taken, room.data(), room.size());
            taken += progress.taken;
            for (std::size_t i = 0; i < progress.made; ++i, position += step) {
                out.push_back(room[i]);
                phase.push_back(omega * position);
            }
            if (taken == block && progress.made < room.size())
                break;
        }
        fed += block;
    }
    return residual_db(phase, out, out.size() / 10);
}

struct Delay {
    double group_frames; ///< of an impulse, beyond its own position
    int64_t held_frames; ///< input that must be there before the output of the same position comes
};

Delay delay_of(Candidate& candidate) {
    candidate.set_step(1.0000001);
    std::vector<float> in(20000);
    in[10000] = 1;
    std::vector<float> out(20000);
    std::size_t made = 0;
    int64_t held = 0;
    for (std::size_t at = 0; at < in.size(); at += block) {
        made +=
            candidate
                .process(&in[at], std::min<std::size_t>(block, in.size() - at), &out[made], out.size() - made)
                .made;
        held = std::max(held, static_cast<int64_t>(at + block) - static_cast<int64_t>(made));
    }
    double sum = 0;
    double moment = 0;
    for (std::size_t n = 0; n < made; ++n) {
        sum += out[n];
        moment += out[n] * static_cast<double>(n);
    }
    return {moment / sum - 10000, held};
}

struct Cost {
    double ns; ///< an output frame and channel
    uint64_t allocations;
    uint64_t reset_allocations;
};

Cost cost_of(const Kind& kind, int channels, double seconds) {
    const std::unique_ptr<Candidate> candidate = kind.make(channels);
    const auto width = static_cast<std::size_t>(channels);
    std::vector<float> in(block * width);
    std::vector<float> out(4 * block * width);
    for (std::size_t i = 0; i < in.size(); ++i)
        in[i] = std::sin(static_cast<float>(i));
    const auto run = [&](double length) {
        std::size_t made = 0;
        const auto total = static_cast<std::size_t>(length * rate);
        for (uint32_t call = 0; made < total; ++call) {
            candidate->set_step(1.0003 + 1e-9 * (call % 7));
            made += candidate->process(in.data(), block, out.data(), 4 * block).made;
        }
        return made;
    };
    run(0.5);
    Cost cost{};
    {
        const AllocationGuard guard;
        const int64_t began = cpu_now_ns();
        const std::size_t made = run(seconds);
        cost.ns = static_cast<double>(cpu_now_ns() - began) /
                  (static_cast<double>(made) * static_cast<double>(channels));
        cost.allocations = guard.count();
    }
    const AllocationGuard guard;
    candidate->reset();
    run(0.1);
    cost.reset_allocations = guard.count();
    return cost;
}

/// The bit-exact path's work on the same sample: three wire bytes to a float in a ring of 128 channels.
double decode_ns() {
    constexpr std::size_t channels = 8;
    constexpr std::size_t frames = 48;
    std::vector<uint8_t> wire(channels * frames * 3);
    std::vector<float> ring(128 * frames * 64);
    for (std::size_t i = 0; i < wire.size(); ++i)
        wire[i] = static_cast<uint8_t>(i * 7);
    constexpr int packets = 40000;
    const int64_t began = cpu_now_ns();
    for (int packet = 0; packet < packets; ++packet) {
        float* frame = &ring[static_cast<std::size_t>(packet % 64) * frames * 128];
        const uint8_t* byte = wire.data();
        for (std::size_t f = 0; f < frames; ++f, frame += 128) {
            for (std::size_t c = 0; c < channels; ++c, byte += 3) {
                const uint32_t word = static_cast<uint32_t>(byte[0]) << 24 |
                                      static_cast<uint32_t>(byte[1]) << 16 |
                                      static_cast<uint32_t>(byte[2]) << 8;
                frame[c] = static_cast<float>(static_cast<int32_t>(word) >> 8) / 8388608.0f;
            }
        }
        wire[static_cast<std::size_t>(packet) % wire.size()] ^= 1;
    }
    const auto ns = static_cast<double>(cpu_now_ns() - began);
    volatile float keep = ring[129];
    (void)keep;
    return ns / (packets * static_cast<double>(frames * channels));
}

} // namespace

int main() {
    const auto samplerate = [](int converter) {
        return [converter](int channels) { return std::make_unique<Samplerate>(converter, channels); };
    };
    const std::array<Kind, 4> kinds{
        Kind{"libsamplerate fastest", samplerate(SRC_SINC_FASTEST)},
        Kind{"libsamplerate medium", samplerate(SRC_SINC_MEDIUM_QUALITY)},
        Kind{"libsamplerate best", samplerate(SRC_SINC_BEST_QUALITY)},
        Kind{"soxr variable rate", [](int channels) { return std::make_unique<Soxr>(channels); }},
    };
    const auto constant = [](double) { return 1.0003; };
    const auto moving = [](double seconds) { return 1.0003 + 1e-6 * std::sin(seconds / 2); };
    const double decode = decode_ns();
    std::printf("%s, soxr %s; decoding L24 takes %.2f ns a sample (scalar) in the same run.\n\n",
                src_get_version(), soxr_version(), decode);
    std::printf(
        "| resampler | THD+N, 300 ppm off | THD+N, ratio moving | output late by, frames | input held, "
        "frames | ns a sample: 1 channel | 2 | 8 | 64 | of a core, a channel of 8 | times decoding | "
        "allocations: 10 s | reset |\n");
    std::printf("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (const Kind& kind : kinds) {
        const double still = tone_quality(*kind.make(1), constant, 20);
        const double moved = tone_quality(*kind.make(1), moving, 20);
        const Delay delay = delay_of(*kind.make(1));
        std::array<Cost, 4> costs{};
        const std::array<int, 4> channels{1, 2, 8, 64};
        for (std::size_t i = 0; i < channels.size(); ++i)
            costs[i] = cost_of(kind, channels[i], channels[i] == 64 ? 2 : 10);
        std::printf(
            "| %s | %.1f dB | %.1f dB | %.2f | %ld | %.0f | %.0f | %.0f | %.0f | %.2f %% | %.0f | %lu | "
            "%lu |\n",
            kind.name, still, moved, delay.group_frames, static_cast<long>(delay.held_frames), costs[0].ns,
            costs[1].ns, costs[2].ns, costs[3].ns, costs[2].ns * rate / 1e7, costs[2].ns / decode,
            static_cast<unsigned long>(costs[2].allocations),
            static_cast<unsigned long>(costs[2].reset_allocations));
        std::fflush(stdout);
    }
    return 0;
}
