/*
 * L8: 8 bit linear audio, one unsigned byte a sample, 128 is silence (RFC 3551 section 4.5.10). Replace
 * decode and encode by your own; tutti/codec.h says what they must do, and `npm test` whether they do it.
 */
#include <math.h>

#include "tutti/codec.h"

/* [audio] No lock, no allocation, no system call. */
static void decode(const uint8_t* wire, size_t wire_stride, float* samples, size_t sample_stride,
                   uint32_t channels, uint32_t frames) {
    for (uint32_t frame = 0; frame < frames; ++frame) {
        const uint8_t* from = wire + frame * wire_stride;
        float* to = samples + frame * sample_stride;
        for (uint32_t channel = 0; channel < channels; ++channel)
            to[channel] = (float)(from[channel] - 128) / 128.0f;
    }
}

/* [audio] Rounds to nearest even, clips at full scale, NaN becomes silence. */
static void encode(const float* samples, size_t sample_stride, uint8_t* wire, size_t wire_stride,
                   uint32_t channels, uint32_t frames) {
    for (uint32_t frame = 0; frame < frames; ++frame) {
        const float* from = samples + frame * sample_stride;
        uint8_t* to = wire + frame * wire_stride;
        for (uint32_t channel = 0; channel < channels; ++channel) {
            const float scaled = from[channel] * 128.0f;
            const float clipped = scaled >= 127.0f ? 127.0f : scaled <= -128.0f ? -128.0f : scaled;
            to[channel] = (uint8_t)(128 + (isnan(clipped) ? 0 : (int)nearbyintf(clipped)));
        }
    }
}

static const tutti_codec codec = {.size = sizeof(tutti_codec),
                                  .abi = TUTTI_ABI,
                                  .encoding = "L8",
                                  .bytes_per_sample = 1,
                                  .decode = decode,
                                  .encode = encode,
                                  .probe = NULL};
static const tutti_codec* const codecs[] = {&codec};
static const tutti_plugin plugin = {.size = sizeof(tutti_plugin),
                                    .abi = TUTTI_ABI,
                                    .name = "template-name",
                                    .codec_count = 1,
                                    .codecs = codecs};

/* [control] The library's one exported symbol. An engine of another major version is refused. */
__attribute__((visibility("default"))) const tutti_plugin* tutti_plugin_entry(const tutti_host* host) {
    return host != NULL && host->abi >> 16 == TUTTI_ABI_MAJOR ? &plugin : NULL;
}
