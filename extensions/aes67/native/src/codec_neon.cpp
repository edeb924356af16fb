#if defined(__aarch64__)
#include <arm_neon.h>

#include <cstring>

#include "codec_kernels.hpp"
#include "codec_scalar.hpp"

#define TARGET // NEON is part of AArch64

namespace tutti::aes67 {
namespace {

// A sample in the upper bytes of its 32 bits is a fixed-point number with 31 fractional bits: exact.
inline void store_samples(float* samples, uint32x4_t left_aligned) {
    vst1q_f32(samples, vcvtq_n_f32_s32(vreinterpretq_s32_u32(left_aligned), 31));
}

// The conversion rounds to nearest even, saturates, and turns NaN into 0, so the clipping can be done on
// integers.
template <class Wire> inline int32x4_t quantise(const float* samples) {
    const int32x4_t rounded = vcvtnq_s32_f32(vmulq_n_f32(vld1q_f32(samples), Wire::scale));
    const int32x4_t below = vminq_s32(rounded, vdupq_n_s32(static_cast<int32_t>(Wire::highest)));
    return vmaxq_s32(below, vdupq_n_s32(static_cast<int32_t>(Wire::lowest)));
}

template <class Wire> struct Vector;

template <> struct Vector<L16> {
    static inline void decode8(const uint8_t* wire, float* samples) {
        const uint16x8_t words = vreinterpretq_u16_u8(vrev16q_u8(vld1q_u8(wire)));
        store_samples(samples, vshll_n_u16(vget_low_u16(words), 16));
        store_samples(samples + 4, vshll_n_u16(vget_high_u16(words), 16));
    }

    static inline void decode4(const uint8_t* wire, float* samples) {
        store_samples(samples, vshll_n_u16(vreinterpret_u16_u8(vrev16_u8(vld1_u8(wire))), 16));
    }

    static inline void encode8(const float* samples, uint8_t* wire) {
        const int16x8_t words =
            vcombine_s16(vmovn_s32(quantise<L16>(samples)), vmovn_s32(quantise<L16>(samples + 4)));
        vst1q_u8(wire, vrev16q_u8(vreinterpretq_u8_s16(words)));
    }

    static inline void encode4(const float* samples, uint8_t* wire) {
        vst1_u8(wire, vrev16_u8(vreinterpret_u8_s16(vmovn_s32(quantise<L16>(samples)))));
    }
};

// Table look-ups; an index beyond the table gives 0.
template <> struct Vector<L24> {
    // 24 bytes as two loads that overlap in the middle, so that neither reaches beyond them.
    static inline void decode8(const uint8_t* wire, float* samples) {
        static constexpr uint8_t second[16] = {Z, 6, 5, 4, Z, 9, 8, 7, Z, 12, 11, 10, Z, 15, 14, 13};
        store_samples(samples, vreinterpretq_u32_u8(vqtbl1q_u8(vld1q_u8(wire), vld1q_u8(order))));
        store_samples(samples + 4, vreinterpretq_u32_u8(vqtbl1q_u8(vld1q_u8(wire + 8), vld1q_u8(second))));
    }

    static inline void decode4(const uint8_t* wire, float* samples) {
        uint32_t last;
        std::memcpy(&last, wire + 8, sizeof last);
        const uint8x16_t bytes = vcombine_u8(vld1_u8(wire), vreinterpret_u8_u32(vdup_n_u32(last)));
        store_samples(samples, vreinterpretq_u32_u8(vqtbl1q_u8(bytes, vld1q_u8(order))));
    }

    static inline void encode8(const float* samples, uint8_t* wire) {
        const uint8x16_t first = packed(samples);
        const uint8x16_t second = packed(samples + 4);
        const uint8x16_t zero = vdupq_n_u8(0);
        vst1q_u8(wire, vorrq_u8(first, vextq_u8(zero, second, 4)));
        vst1_u8(wire + 16, vget_low_u8(vextq_u8(second, zero, 4)));
    }

    static inline void encode4(const float* samples, uint8_t* wire) {
        const uint8x16_t bytes = packed(samples);
        vst1_u8(wire, vget_low_u8(bytes));
        const uint32_t last = vgetq_lane_u32(vreinterpretq_u32_u8(bytes), 2);
        std::memcpy(wire + 8, &last, sizeof last);
    }

  private:
    static constexpr uint8_t Z = 0xFF;
    static constexpr uint8_t order[16] = {Z, 2, 1, 0, Z, 5, 4, 3, Z, 8, 7, 6, Z, 11, 10, 9};

    // Four samples in the lower 12 bytes, most significant byte first; 0 above.
    static inline uint8x16_t packed(const float* samples) {
        static constexpr uint8_t pack[16] = {2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, Z, Z, Z, Z};
        return vqtbl1q_u8(vreinterpretq_u8_s32(quantise<L24>(samples)), vld1q_u8(pack));
    }
};

#include "codec_blocks.inl"

} // namespace

const CodecKernels neon_kernels = {"neon", decode_block<L16>, decode_block<L24>, encode_block<L16>,
                                   encode_block<L24>};

} // namespace tutti::aes67
#endif
