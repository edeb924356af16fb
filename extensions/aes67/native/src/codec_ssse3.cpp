#if defined(__x86_64__)
#include <immintrin.h>

#include <cstring>

#include "codec_kernels.hpp"
#include "codec_scalar.hpp"

#define TARGET __attribute__((target("ssse3")))

namespace tutti::aes67 {
namespace {

// Shuffle control: a byte of the result that becomes 0.
constexpr char Z = -128;

TARGET inline __m128i load16(const uint8_t* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

TARGET inline __m128i load8(const uint8_t* at) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at));
}

TARGET inline __m128i load4(const uint8_t* at) {
    int32_t bits;
    std::memcpy(&bits, at, sizeof bits);
    return _mm_cvtsi32_si128(bits);
}

TARGET inline void store16(uint8_t* at, __m128i bytes) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(at), bytes);
}

TARGET inline void store8(uint8_t* at, __m128i bytes) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(at), bytes);
}

TARGET inline void store4(uint8_t* at, __m128i bytes) {
    const int32_t bits = _mm_cvtsi128_si32(bytes);
    std::memcpy(at, &bits, sizeof bits);
}

// `left_aligned` holds each sample in the upper bytes of its 32 bits; both steps are exact.
TARGET inline void store_samples(float* samples, __m128i left_aligned) {
    _mm_storeu_ps(samples, _mm_mul_ps(_mm_cvtepi32_ps(left_aligned), _mm_set1_ps(0x1p-31F)));
}

// Four samples as clipped integers. Clipping before rounding gives the same as after: the limits are
// integers.
template <class Wire> TARGET inline __m128i quantise(const float* samples) {
    const __m128 given = _mm_loadu_ps(samples);
    const __m128 number = _mm_and_ps(given, _mm_cmpord_ps(given, given)); // NaN becomes 0
    const __m128 scaled = _mm_mul_ps(number, _mm_set1_ps(Wire::scale));
    const __m128 clipped =
        _mm_max_ps(_mm_min_ps(scaled, _mm_set1_ps(Wire::highest)), _mm_set1_ps(Wire::lowest));
    return _mm_cvtps_epi32(clipped);
}

template <class Wire> struct Vector;

template <> struct Vector<L16> {
    TARGET static inline void decode8(const uint8_t* wire, float* samples) {
        const __m128i bytes = load16(wire);
        const __m128i first = _mm_setr_epi8(Z, Z, 1, 0, Z, Z, 3, 2, Z, Z, 5, 4, Z, Z, 7, 6);
        const __m128i second = _mm_setr_epi8(Z, Z, 9, 8, Z, Z, 11, 10, Z, Z, 13, 12, Z, Z, 15, 14);
        store_samples(samples, _mm_shuffle_epi8(bytes, first));
        store_samples(samples + 4, _mm_shuffle_epi8(bytes, second));
    }

    TARGET static inline void decode4(const uint8_t* wire, float* samples) {
        const __m128i order = _mm_setr_epi8(Z, Z, 1, 0, Z, Z, 3, 2, Z, Z, 5, 4, Z, Z, 7, 6);
        store_samples(samples, _mm_shuffle_epi8(load8(wire), order));
    }

    TARGET static inline void encode8(const float* samples, uint8_t* wire) {
        const __m128i words = _mm_packs_epi32(quantise<L16>(samples), quantise<L16>(samples + 4));
        const __m128i swapped = _mm_setr_epi8(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
        store16(wire, _mm_shuffle_epi8(words, swapped));
    }

    TARGET static inline void encode4(const float* samples, uint8_t* wire) {
        const __m128i order = _mm_setr_epi8(1, 0, 5, 4, 9, 8, 13, 12, Z, Z, Z, Z, Z, Z, Z, Z);
        store8(wire, _mm_shuffle_epi8(quantise<L16>(samples), order));
    }
};

template <> struct Vector<L24> {
    // 24 bytes as two loads that overlap in the middle, so that neither reaches beyond them.
    TARGET static inline void decode8(const uint8_t* wire, float* samples) {
        const __m128i first = _mm_setr_epi8(Z, 2, 1, 0, Z, 5, 4, 3, Z, 8, 7, 6, Z, 11, 10, 9);
        const __m128i second = _mm_setr_epi8(Z, 6, 5, 4, Z, 9, 8, 7, Z, 12, 11, 10, Z, 15, 14, 13);
        store_samples(samples, _mm_shuffle_epi8(load16(wire), first));
        store_samples(samples + 4, _mm_shuffle_epi8(load16(wire + 8), second));
    }

    TARGET static inline void decode4(const uint8_t* wire, float* samples) {
        const __m128i bytes = _mm_unpacklo_epi64(load8(wire), load4(wire + 8));
        const __m128i order = _mm_setr_epi8(Z, 2, 1, 0, Z, 5, 4, 3, Z, 8, 7, 6, Z, 11, 10, 9);
        store_samples(samples, _mm_shuffle_epi8(bytes, order));
    }

    TARGET static inline void encode8(const float* samples, uint8_t* wire) {
        const __m128i first = _mm_shuffle_epi8(quantise<L24>(samples), order());
        const __m128i second = _mm_shuffle_epi8(quantise<L24>(samples + 4), order());
        store16(wire, _mm_or_si128(first, _mm_slli_si128(second, 12)));
        store8(wire + 16, _mm_srli_si128(second, 4));
    }

    TARGET static inline void encode4(const float* samples, uint8_t* wire) {
        const __m128i bytes = _mm_shuffle_epi8(quantise<L24>(samples), order());
        store8(wire, bytes);
        store4(wire + 8, _mm_srli_si128(bytes, 8));
    }

  private:
    TARGET static inline __m128i order() {
        return _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, Z, Z, Z, Z);
    }
};

#include "codec_blocks.inl"

} // namespace

const CodecKernels ssse3_kernels = {"ssse3", decode_block<L16>, decode_block<L24>, encode_block<L16>,
                                    encode_block<L24>};

} // namespace tutti::aes67
#endif
