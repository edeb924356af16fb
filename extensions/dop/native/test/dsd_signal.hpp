// DSD with a known content, and a filter of double precision to compare with.
#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>
#include <vector>

namespace tutti::dop::test {

// One-bit modulator of fifth order: the bits' error is shaped by (1 - 1/z)^5 over Butterworth poles, with a
// gain of 1.5 at half the bit rate (Lee's rule for a stable one-bit loop).
class Modulator {
  public:
    Modulator() {
        double low = 1e-3;
        double high = 0.4; // corner of the poles, as a part of the bit rate
        for (int i = 0; i < 60; ++i) {
            const double corner = (low + high) / 2;
            poles_ = poles_at(corner);
            double at_half = 0;
            for (size_t k = 0; k <= order; ++k)
                at_half += k % 2 == 0 ? poles_[k] : -poles_[k];
            (32 / at_half > 1.5 ? high : low) = corner;
        }
    }

    bool next(double input) {
        static constexpr double zeros[] = {1, -5, 10, -10, 5, -1};
        double shaped = 0;
        for (size_t k = 1; k <= order; ++k)
            shaped += (zeros[k] - poles_[k]) * errors_[k - 1] - poles_[k] * shaped_[k - 1];
        const double wanted = input + shaped;
        const bool bit = wanted >= 0;
        push(errors_, (bit ? 1 : -1) - wanted);
        push(shaped_, shaped);
        return bit;
    }

  private:
    static constexpr size_t order = 5;

    static std::vector<double> poles_at(double corner) {
        std::vector<std::complex<double>> product{1};
        const double warped = std::tan(std::numbers::pi * corner);
        for (size_t k = 0; k < order; ++k) {
            const double angle =
                std::numbers::pi * (2.0 * static_cast<double>(k) + order + 1) / (2.0 * order);
            const std::complex<double> analogue = warped * std::polar(1.0, angle);
            const std::complex<double> pole = (1.0 + analogue) / (1.0 - analogue);
            product.push_back(0);
            for (size_t i = product.size() - 1; i > 0; --i)
                product[i] -= pole * product[i - 1];
        }
        std::vector<double> real;
        for (const auto& each : product)
            real.push_back(each.real());
        return real;
    }
    static void push(double (&line)[order], double value) {
        for (size_t i = order - 1; i > 0; --i)
            line[i] = line[i - 1];
        line[0] = value;
    }

    std::vector<double> poles_;
    double errors_[order] = {};
    double shaped_[order] = {};
};

// Bits of a tone, `bits_a_frame` times as many as frames. @param frequency as a part of the frame rate
inline std::vector<bool> tone_bits(double frequency, double level, size_t frames, uint32_t bits_a_frame) {
    Modulator modulator;
    std::vector<bool> bits;
    for (size_t i = 0; i < frames * bits_a_frame; ++i) {
        const double angle = 2 * std::numbers::pi * frequency * static_cast<double>(i) / bits_a_frame;
        bits.push_back(modulator.next(level * std::sin(angle)));
    }
    return bits;
}

// Level of a spectrum's line, 0 dB for a sine of full scale. @param frequency as a part of the sample rate
inline double line_db(const std::vector<double>& samples, double frequency) {
    std::complex<double> sum = 0;
    double weight = 0;
    for (size_t i = 0; i < samples.size(); ++i) {
        const double x =
            2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(samples.size());
        const double window =
            0.35875 - 0.48829 * std::cos(x) + 0.14128 * std::cos(2 * x) - 0.01168 * std::cos(3 * x);
        sum +=
            window * samples[i] * std::polar(1.0, -2 * std::numbers::pi * frequency * static_cast<double>(i));
        weight += window;
    }
    return 20 * std::log10(2 * std::abs(sum) / weight + 1e-30);
}

} // namespace tutti::dop::test
