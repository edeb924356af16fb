#include "dsd_filter.hpp"

#include <cmath>
#include <numbers>

namespace tutti::dop {
namespace {

constexpr double cutoff = 0.228;       // of the frame rate: in the middle between pass and stop band
constexpr double attenuation_db = 110; // of the stop band
constexpr double kaiser_beta = 0.1102 * (attenuation_db - 8.7);

/// Modified Bessel function of the first kind, order 0, by its series.
double bessel_i0(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; term > sum * 1e-17; ++k) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

std::vector<double> impulse_response(size_t taps, uint32_t bits_a_frame) {
    const double middle = static_cast<double>(taps - 1) / 2;
    const double width = 2 * cutoff / bits_a_frame;
    std::vector<double> response;
    double sum = 0;
    for (size_t i = 0; i < taps; ++i) {
        const double from_middle = static_cast<double>(i) - middle;
        const double angle = std::numbers::pi * width * from_middle;
        const double across = from_middle / middle;
        response.push_back(std::sin(angle) / angle * bessel_i0(kaiser_beta * std::sqrt(1 - across * across)));
        sum += response.back(); // an even number of taps: none in the middle itself
    }
    for (double& tap : response)
        tap /= sum;
    return response;
}

} // namespace

const DsdFilter& DsdFilter::for_words(uint32_t words_a_frame) {
    static const DsdFilter one(1);
    static const DsdFilter two(2);
    return words_a_frame == 1 ? one : two;
}

DsdFilter::DsdFilter(uint32_t words_a_frame) : tables_(size_t{2} * words_a_frame * window_frames) {
    const std::vector<double> response = impulse_response(tables_.size() * 8, 16 * words_a_frame);
    for (size_t byte = 0; byte < tables_.size(); ++byte) {
        for (unsigned value = 0; value < 256; ++value) {
            double sum = 0;
            for (unsigned bit = 0; bit < 8; ++bit)
                sum += (value >> (7 - bit) & 1) != 0 ? response[8 * byte + bit] : -response[8 * byte + bit];
            tables_[byte][value] = static_cast<float>(sum);
        }
    }
}

} // namespace tutti::dop
