/* Codecs: wire bytes to strided float32 and back (plugin.h has the rules). */
#ifndef TUTTI_CODEC_H
#define TUTTI_CODEC_H

#include "tutti/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a stage is made for. */
typedef struct tutti_stage_format {
    size_t size;
    uint32_t abi;
    uint32_t channels;  /* of the stream, 1 to 128 */
    uint32_t rate;      /* Hz, of the stream */
    uint32_t resampled; /* 1: what leaves the stage is resampled; 0: it goes on as it is, bit for bit */
} tutti_stage_format;

/* What a stage says of the block that it has just worked on; bits. 0: PCM. */
enum {
    TUTTI_CONTENT_DSD = 1,       /* a channel at least is DSD */
    TUTTI_CONTENT_DSD_PAIRS = 2, /* 32 bits of a DSD channel a frame, in two channels; otherwise 16 */
    TUTTI_CONTENT_WORDS = 4      /* what leaves are the words of an encoding, which no meter understands */
};

/*
 * Since ABI 1.1: the stage that finishes a codec's samples in the order of time. A packet is decoded when it
 * comes, in whatever order; the stage sees every frame of the stream once, one after the other, shortly
 * before it is played (of a sender: before it is encoded), and is told which ones never came. It is for
 * encodings that need to remember: markers that alternate, filters, a hidden frame instead of a lost one.
 */
typedef struct tutti_stage {
    size_t size;
    uint32_t abi;

    /* [control] Makes a stage. Returns a handle, or NULL with a sentence in `error`. */
    void* (*start)(const tutti_stage_format* format, char* error, size_t error_bytes);

    /* [control] Ends it. */
    void (*stop)(void* handle);

    /* [any] By how many frames its output is later than its input, always the same. The engine plays so much
     * sooner. Of a sender it is a delay. */
    uint32_t (*delay)(void* handle);

    /* [audio] What comes next has nothing to do with what was. */
    void (*reset)(void* handle);

    /* [audio] Works on the next frames in place; frame f begins at samples + f * sample_stride floats.
     * `missing`: 1 if none of them came; they are zero then, and not PCM. Any number of frames. Returns bits
     * of TUTTI_CONTENT. */
    uint32_t (*run)(void* handle, float* samples, size_t sample_stride, uint32_t frames, uint32_t missing);
} tutti_stage;

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

    /* Since ABI 1.1. May be NULL: the decoded samples are what is played. */
    const tutti_stage* stage;
} tutti_codec;

#ifdef __cplusplus
}
#endif
#endif
