/* Codecs: wire bytes to strided float32 and back (plugin.h has the rules). */
#ifndef TUTTI_CODEC_H
#define TUTTI_CODEC_H

#include "tutti/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A block of adjacent channels: `channels` samples next to each other in every frame, on both sides. Wire
 * frame f of the block begins at wire + f * wire_stride bytes, its float frame at samples + f * sample_stride
 * floats.
 */
typedef struct tutti_codec {
    size_t size;
    uint32_t abi;
    const char* encoding;      /* rtpmap name, upper case */
    uint32_t bytes_per_sample; /* on the wire, of one channel */

    /* [audio] wire -> float. Full scale is 1.0; integers are scaled by 2^(bits-1), exactly. Never fails: any
     * bytes are samples. */
    void (*decode)(const uint8_t* wire, size_t wire_stride, float* samples, size_t sample_stride,
                   uint32_t channels, uint32_t frames);

    /* [audio] float -> wire. Rounds to nearest even, clips at full scale, NaN becomes 0. */
    void (*encode)(const float* samples, size_t sample_stride, uint8_t* wire, size_t wire_stride,
                   uint32_t channels, uint32_t frames);

    /* [control] May be NULL. How sure the codec is, 0 to 100, that these first payloads are its own (DoP
     * inside L24). */
    int (*probe)(const uint8_t* payload, size_t bytes, uint32_t channels);
} tutti_codec;

#ifdef __cplusplus
}
#endif
#endif
