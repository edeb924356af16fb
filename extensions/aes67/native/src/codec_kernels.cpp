#include "codec_kernels.hpp"

#include <algorithm>
#include <array>

namespace tutti::aes67 {
namespace {

struct Usable {
    std::array<const CodecKernels*, 3> kernels{};
    size_t count = 0;

    Usable() noexcept {
#if defined(__x86_64__)
        __builtin_cpu_init();
        if (__builtin_cpu_supports("avx2"))
            kernels[count++] = &avx2_kernels;
        if (__builtin_cpu_supports("ssse3"))
            kernels[count++] = &ssse3_kernels;
#elif defined(__aarch64__)
        kernels[count++] = &neon_kernels; // every AArch64 processor has it
#endif
        kernels[count++] = &scalar_kernels;
    }
};

} // namespace

std::span<const CodecKernels* const> usable_kernels() noexcept {
    static const Usable usable;
    return {usable.kernels.data(), usable.count};
}

} // namespace tutti::aes67
