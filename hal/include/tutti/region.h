/*
 * The device region: shared memory between the engine and HAL drivers (ARCHITECTURE.md, boundary 3). Plain C,
 * no functions but inline arithmetic; each side checks the geometry against the limits below and never
 * believes it.
 *
 * One timeline. Every sample has one 64-bit index n on the media clock: n = floor(media time * rate), epoch
 * 1970 TAI. Frame n of a ring lies at slot n mod ring_frames, interleaved float32, full scale 1.0, 24-bit
 * samples scaled by 2^23.
 *
 *   inputs   network to applications. The engine writes sample n before the media clock reaches n (link
 * offset is already included). Readable: input_horizon - ring_frames <= n < min(input_horizon, now).
 * Elsewhere: silence. outputs  applications to network. A driver writes sample n before the media clock
 * reaches n. Writable: output_floor <= n < output_floor + ring_frames. The engine sends, then clears.
 *
 * Media time at local time t (CLOCK_MONOTONIC on Linux, ns): media_ns + dt + (int64)(dt * rate_deviation), dt
 * = t - local_ns. A driver keeps this line when the engine is gone; input_horizon then stops and reads turn
 * into silence.
 *
 * Claims are kernel locks, so that a dead client's claims vanish with it: open file description locks
 * (F_OFD_SETLK, F_WRLCK) on bytes beyond the file's content. Byte TUTTI_LOCK_OUTPUT + c: exclusive claim of
 * output channel c. Byte TUTTI_LOCK_CLIENT + i: owner of client slot i. Byte TUTTI_LOCK_ENGINE: the engine is
 * alive.
 *
 * The region is a file (Linux: below /dev/shm, mode 0600, owned by the user; anything else is refused). A
 * change of geometry makes a new file under the same name and marks the old one retired: drivers then open
 * anew.
 */
#ifndef TUTTI_REGION_H
#define TUTTI_REGION_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TUTTI_REGION_MAGIC 0x31474552u /* "REG1" */
#define TUTTI_REGION_ABI 1u
#define TUTTI_REGION_MAX_CHANNELS 128u
#define TUTTI_REGION_MAX_RATE 384000u
#define TUTTI_REGION_MAX_FRAMES 262144u /* a power of two */
#define TUTTI_REGION_HEADER_BYTES 16384u
#define TUTTI_REGION_CLIENTS 64u

#define TUTTI_LOCK_ENGINE 0x40000000
#define TUTTI_LOCK_CLIENT 0x40001000
#define TUTTI_LOCK_OUTPUT 0x40002000

enum { TUTTI_REGION_LIVE = 1, TUTTI_REGION_RETIRED = 2 };

/* Same order as ClockState of the host: free-run, listening, calibrating, locked, holdover. */
enum {
    TUTTI_CLOCK_FREE_RUN,
    TUTTI_CLOCK_LISTENING,
    TUTTI_CLOCK_CALIBRATING,
    TUTTI_CLOCK_LOCKED,
    TUTTI_CLOCK_HOLDOVER
};

/* Seqlock. Writer: the engine's audio thread. sequence is odd while it writes; readers retry. Wait-free for
 * the writer. */
typedef struct tutti_region_clock {
    uint32_t sequence;
    uint32_t state;
    int64_t local_ns;
    int64_t media_ns;
    double rate_deviation; /* media ns gained per local ns, e.g. 1e-6 for +1 ppm */
    uint64_t generation;   /* +1 at every step of the timeline: positions before and after do not compare */
} tutti_region_clock;

enum { TUTTI_CLIENT_FREE = 0, TUTTI_CLIENT_CAPTURE = 1, TUTTI_CLIENT_PLAYBACK = 2 };

/* Written by the client that holds the slot's lock; read by the engine for display only, never believed. */
typedef struct tutti_region_client {
    uint32_t direction;
    uint32_t pid;
    uint32_t first; /* channel, from 0 */
    uint32_t channels;
    uint64_t xruns;
    char name[40]; /* NUL-terminated */
} tutti_region_client;

typedef struct tutti_region_header {
    uint32_t magic;
    uint32_t abi;
    uint32_t header_bytes; /* TUTTI_REGION_HEADER_BYTES; the input ring begins there, the output ring right
                              after it */
    uint32_t state;        /* atomic */
    uint32_t rate;         /* Hz */
    uint32_t inputs;       /* channels; also the stride of a frame in floats */
    uint32_t outputs;
    uint32_t ring_frames;  /* power of two */
    int64_t input_horizon; /* atomic, release by the engine */
    int64_t output_floor;  /* atomic, release by the engine */
    uint64_t heartbeat;    /* atomic, local ns of the engine's last cycle */
    uint64_t reserved[9];
    tutti_region_clock clock;
    uint64_t reserved2[11];
    tutti_region_client clients[TUTTI_REGION_CLIENTS];
} tutti_region_header;

/* Frames of a ring for a rate: the power of two that holds at least half a second. */
static inline uint32_t tutti_region_ring_frames(uint32_t rate) {
    uint32_t frames = 1;
    while (frames < rate / 2)
        frames <<= 1;
    return frames;
}

static inline uint64_t tutti_region_bytes(uint32_t inputs, uint32_t outputs, uint32_t ring_frames) {
    return TUTTI_REGION_HEADER_BYTES + (uint64_t)ring_frames * ((uint64_t)inputs + outputs) * sizeof(float);
}

/* floor(media_ns * rate / 10^9) in integers; exact for every rate, no drift (AES67-2018 section 5). media_ns
 * >= 0. */
static inline int64_t tutti_media_index(int64_t media_ns, uint32_t rate) {
    const int64_t second = 1000000000;
    return (media_ns / second) * (int64_t)rate + (media_ns % second) * (int64_t)rate / second;
}

/* First nanosecond at which the media clock shows index n: ceil(n * 10^9 / rate). n >= 0. */
static inline int64_t tutti_media_ns(int64_t n, uint32_t rate) {
    const int64_t second = 1000000000;
    return (n / (int64_t)rate) * second + ((n % (int64_t)rate) * second + (int64_t)rate - 1) / (int64_t)rate;
}

#ifdef __cplusplus
}
#endif
#endif
