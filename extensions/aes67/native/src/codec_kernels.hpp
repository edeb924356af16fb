// The same block conversions for each vector unit. Blocks are those of tutti/codec.h: never a byte outside is
// touched.
#pragma once

#include <span>

#include "tutti/codec.h"

namespace tutti::aes67 {

using DecodeBlock = decltype(tutti_codec::decode);
using EncodeBlock = decltype(tutti_codec::encode);

struct CodecKernels {
    const char* name; // of the vector unit
    DecodeBlock decode_l16, decode_l24;
    EncodeBlock encode_l16, encode_l24;
};

extern const CodecKernels scalar_kernels;
#if defined(__x86_64__)
extern const CodecKernels ssse3_kernels;
extern const CodecKernels avx2_kernels;
#elif defined(__aarch64__)
extern const CodecKernels neon_kernels;
#endif

// [control] Those that this processor can run, fastest first, the scalar ones last.
std::span<const CodecKernels* const> usable_kernels() noexcept;

} // namespace tutti::aes67
