// Kernels for processors without a vector unit we know, and the twin that tests compare the others with:
// nothing but the definition, sample by sample.
#include "codec_scalar.hpp"

#include "codec_kernels.hpp"

namespace tutti::aes67 {
namespace {

template <class Wire>
void decode_block(const uint8_t* wire, size_t wire_stride, float* samples, size_t sample_stride,
                  uint32_t channels, uint32_t frames) {
    for (size_t f = 0; f < frames; ++f) {
        for (size_t c = 0; c < channels; ++c) {
            samples[f * sample_stride + c] = Wire::decode(wire + f * wire_stride + c * Wire::bytes);
        }
    }
}

template <class Wire>
void encode_block(const float* samples, size_t sample_stride, uint8_t* wire, size_t wire_stride,
                  uint32_t channels, uint32_t frames) {
    for (size_t f = 0; f < frames; ++f) {
        for (size_t c = 0; c < channels; ++c) {
            Wire::encode(samples[f * sample_stride + c], wire + f * wire_stride + c * Wire::bytes);
        }
    }
}

} // namespace

const CodecKernels scalar_kernels = {"scalar", decode_block<L16>, decode_block<L24>, encode_block<L16>,
                                     encode_block<L24>};

} // namespace tutti::aes67
