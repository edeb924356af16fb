#if defined(__x86_64__)
#include <immintrin.h>

#include <cstring>

#include "codec_kernels.hpp"
#include "codec_scalar.hpp"

#define TARGET __attribute__((target("avx2")))

namespace tutti::aes67 {
namespace {

// Shuffle control: a byte of the result that becomes 0. Shuffles work on each half of a register by itself.
constexpr char Z = -128;

TARGET inline __m128i load16(const uint8_t* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}

TARGET inline __m128i load8(const uint8_t* at) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at));
}

TARGET inline void store16(uint8_t* at, __m128i bytes) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(at), bytes);
}

TARGET inline void store8(uint8_t* at, __m128i bytes) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(at), bytes);
}

// `left_aligned` holds each sample in the upper bytes of its 32 bits; both steps are exact.
TARGET inline void store_samples(float* samples, __m256i left_aligned) {
    _mm256_storeu_ps(samples, _mm256_mul_ps(_mm256_cvtepi32_ps(left_aligned), _mm256_set1_ps(0x1p-31F)));
}

TARGET inline void store_samples(float* samples, __m128i left_aligned) {
    _mm_storeu_ps(samples, _mm_mul_ps(_mm_cvtepi32_ps(left_aligned), _mm_set1_ps(0x1p-31F)));
}

// Samples as clipped integers. Clipping before rounding gives the same as after: the limits are integers.
template <class Wire> TARGET inline __m256i quantise8(const float* samples) {
    const __m256 given = _mm256_loadu_ps(samples);
    const __m256 number = _mm256_and_ps(given, _mm256_cmp_ps(given, given, _CMP_ORD_Q)); // NaN becomes 0
    const __m256 scaled = _mm256_mul_ps(number, _mm256_set1_ps(Wire::scale));
    const __m256 clipped =
        _mm256_max_ps(_mm256_min_ps(scaled, _mm256_set1_ps(Wire::highest)), _mm256_set1_ps(Wire::lowest));
    return _mm256_cvtps_epi32(clipped);
}

template <class Wire> TARGET inline __m128i quantise4(const float* samples) {
    const __m128 given = _mm_loadu_ps(samples);
    const __m128 number = _mm_and_ps(given, _mm_cmpord_ps(given, given));
    const __m128 scaled = _mm_mul_ps(number, _mm_set1_ps(Wire::scale));
    const __m128 clipped =
        _mm_max_ps(_mm_min_ps(scaled, _mm_set1_ps(Wire::highest)), _mm_set1_ps(Wire::lowest));
    return _mm_cvtps_epi32(clipped);
}

template <class Wire> struct Vector;

template <> struct Vector<L16> {
    TARGET static inline void decode8(const uint8_t* wire, float* samples) {
        const __m256i order =
            _mm256_setr_epi8(Z, Z, 1, 0, Z, Z, 3, 2, Z, Z, 5, 4, Z, Z, 7, 6, // first half of the eight
                             Z, Z, 9, 8, Z, Z, 11, 10, Z, Z, 13, 12, Z, Z, 15, 14);
        store_samples(samples, _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(load16(wire)), order));
    }

    TARGET static inline void decode4(const uint8_t* wire, float* samples) {
        const __m128i order = _mm_setr_epi8(Z, Z, 1, 0, Z, Z, 3, 2, Z, Z, 5, 4, Z, Z, 7, 6);
        store_samples(samples, _mm_shuffle_epi8(load8(wire), order));
    }

    TARGET static inline void encode8(const float* samples, uint8_t* wire) {
        const __m256i values = quantise8<L16>(samples);
        const __m128i words =
            _mm_packs_epi32(_mm256_castsi256_si128(values), _mm256_extracti128_si256(values, 1));
        const __m128i swapped = _mm_setr_epi8(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
        store16(wire, _mm_shuffle_epi8(words, swapped));
    }

    TARGET static inline void encode4(const float* samples, uint8_t* wire) {
        const __m128i order = _mm_setr_epi8(1, 0, 5, 4, 9, 8, 13, 12, Z, Z, Z, Z, Z, Z, Z, Z);
        store8(wire, _mm_shuffle_epi8(quantise4<L16>(samples), order));
    }
};

template <> struct Vector<L24> {
    // 24 bytes as two loads that overlap in the middle, so that neither reaches beyond them.
    TARGET static inline void decode8(const uint8_t* wire, float* samples) {
        const __m256i bytes =
            _mm256_inserti128_si256(_mm256_castsi128_si256(load16(wire)), load16(wire + 8), 1);
        const __m256i order = _mm256_setr_epi8(Z, 2, 1, 0, Z, 5, 4, 3, Z, 8, 7, 6, Z, 11, 10, 9, // from wire
                                               Z, 6, 5, 4, Z, 9, 8, 7, Z, 12, 11, 10, Z, 15, 14, 13);
        store_samples(samples, _mm256_shuffle_epi8(bytes, order));
    }

    TARGET static inline void decode4(const uint8_t* wire, float* samples) {
        int32_t last;
        std::memcpy(&last, wire + 8, sizeof last);
        const __m128i bytes = _mm_insert_epi32(load8(wire), last, 2);
        const __m128i order = _mm_setr_epi8(Z, 2, 1, 0, Z, 5, 4, 3, Z, 8, 7, 6, Z, 11, 10, 9);
        store_samples(samples, _mm_shuffle_epi8(bytes, order));
    }

    TARGET static inline void encode8(const float* samples, uint8_t* wire) {
        const __m256i order = _mm256_broadcastsi128_si256(order4());
        const __m256i bytes = _mm256_shuffle_epi8(quantise8<L24>(samples), order);
        const __m128i first = _mm256_castsi256_si128(bytes);
        const __m128i second = _mm256_extracti128_si256(bytes, 1);
        store16(wire, _mm_or_si128(first, _mm_slli_si128(second, 12)));
        store8(wire + 16, _mm_srli_si128(second, 4));
    }

    TARGET static inline void encode4(const float* samples, uint8_t* wire) {
        const __m128i bytes = _mm_shuffle_epi8(quantise4<L24>(samples), order4());
        store8(wire, bytes);
        const int32_t last = _mm_extract_epi32(bytes, 2);
        std::memcpy(wire + 8, &last, sizeof last);
    }

  private:
    TARGET static inline __m128i order4() {
        return _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, Z, Z, Z, Z);
    }
};

#include "codec_blocks.inl"

} // namespace

const CodecKernels avx2_kernels = {"avx2", decode_block<L16>, decode_block<L24>, encode_block<L16>,
                                   encode_block<L24>};

} // namespace tutti::aes67
#endif
