#include "codecs.hpp"

#include "codec_kernels.hpp"
#include "codec_scalar.hpp"

namespace tutti::aes67 {
namespace {

// No probe: any bytes are plausible PCM, and the SDP already names the encoding.
tutti_codec table(const char* encoding, size_t bytes_per_sample, DecodeBlock decode,
                  EncodeBlock encode) noexcept {
    return {.size = sizeof(tutti_codec),
            .abi = TUTTI_ABI,
            .encoding = encoding,
            .bytes_per_sample = static_cast<uint32_t>(bytes_per_sample),
            .decode = decode,
            .encode = encode,
            .probe = nullptr,
            .stage = nullptr};
}

} // namespace

const tutti_codec& l16_codec() noexcept {
    const CodecKernels& kernels = *usable_kernels().front();
    static const tutti_codec codec = table("L16", L16::bytes, kernels.decode_l16, kernels.encode_l16);
    return codec;
}

const tutti_codec& l24_codec() noexcept {
    const CodecKernels& kernels = *usable_kernels().front();
    static const tutti_codec codec = table("L24", L24::bytes, kernels.decode_l24, kernels.encode_l24);
    return codec;
}

} // namespace tutti::aes67
