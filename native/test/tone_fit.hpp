#pragma once
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace tutti::test {

/// A sine fitted to a stretch of samples by least squares: amplitude, phase and a small error of the
/// frequency.
struct ToneFit {
    double level = 0;         ///< peak
    double phase = 0;         ///< of a sine, rad, at the first sample
    double residual_db = 0;   ///< THD+N: what is left, over the whole band, against the tone
    double frequency_ppm = 0; ///< of the tone against the frequency that was given
};

inline ToneFit fit_tone(const std::vector<float>& y, double radians_a_sample) {
    const auto count = static_cast<double>(y.size());
    const double middle = (count - 1) / 2;
    double ss = 0;
    double sc = 0;
    double cc = 0;
    double ys = 0;
    double yc = 0;
    for (std::size_t n = 0; n < y.size(); ++n) {
        const double s = std::sin(radians_a_sample * (static_cast<double>(n) - middle));
        const double c = std::cos(radians_a_sample * (static_cast<double>(n) - middle));
        ss += s * s;
        sc += s * c;
        cc += c * c;
        ys += y[n] * s;
        yc += y[n] * c;
    }
    const double determinant = ss * cc - sc * sc;
    const double a = (ys * cc - yc * sc) / determinant;
    const double b = (yc * ss - ys * sc) / determinant;
    ToneFit fit;
    fit.level = std::hypot(a, b);
    const double middle_phase = std::atan2(b, a);
    // The frequency's error, to first order: what is left that looks like n * cos(...).
    double slope_top = 0;
    double slope_bottom = 0;
    std::vector<double> left(y.size());
    for (std::size_t n = 0; n < y.size(); ++n) {
        const double at = static_cast<double>(n) - middle;
        const double angle = radians_a_sample * at + middle_phase;
        const double lever = fit.level * at * std::cos(angle);
        left[n] = y[n] - fit.level * std::sin(angle);
        slope_top += left[n] * lever;
        slope_bottom += lever * lever;
    }
    const double slope = slope_top / slope_bottom;
    double error = 0;
    for (std::size_t n = 0; n < y.size(); ++n) {
        const double at = static_cast<double>(n) - middle;
        const double angle = radians_a_sample * at + middle_phase;
        const double rest = left[n] - slope * fit.level * at * std::cos(angle);
        error += rest * rest;
    }
    fit.phase = middle_phase - (radians_a_sample + slope) * middle;
    fit.frequency_ppm = 1e6 * slope / radians_a_sample;
    fit.residual_db = 10 * std::log10(error / count / (fit.level * fit.level / 2) + 1e-30);
    return fit;
}

} // namespace tutti::test
