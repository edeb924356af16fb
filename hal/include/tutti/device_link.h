/*
 * What the engine and a HAL driver that cannot open files say to each other (ARCHITECTURE.md, boundary 3).
 * Plain C.
 *
 * The driver connects and sends TUTTI_LINK_HELLO. The engine answers with TUTTI_LINK_DEVICE, to which it
 * attaches the device region (tutti/region.h), and sends another whenever the device's description changes.
 * The region comes anew with each message; the same memory has the same region_id. Messages are whole: one
 * datagram of a SOCK_SEQPACKET socket with the region's descriptor attached (Linux), or the data value
 * "message" and the shared memory value "region" of an XPC dictionary (macOS). A message of another size or
 * version is not for us and ends the connection.
 */
#ifndef TUTTI_DEVICE_LINK_H
#define TUTTI_DEVICE_LINK_H

#include "region.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TUTTI_LINK_ABI 1u
#define TUTTI_LINK_NAME_BYTES 64u

enum { TUTTI_LINK_HELLO = 1, TUTTI_LINK_DEVICE = 2, TUTTI_LINK_WANTED = 3 };

/* Driver to engine. HELLO: the driver is there. WANTED: somebody chose another rate in the driver's own
 * settings; the engine may follow, with a new region, or not. */
typedef struct tutti_link_request {
    uint32_t abi;
    uint32_t kind;
    uint32_t rate; /* Hz; of WANTED */
    uint32_t pid;
} tutti_link_request;

/* Engine to driver. Texts are UTF-8 with a NUL, an empty one is "no name". */
typedef struct tutti_link_device {
    uint32_t abi;
    uint32_t kind;
    uint64_t region_id; /* another number is other memory */
    uint32_t rate;      /* Hz */
    uint32_t inputs;    /* channels */
    uint32_t outputs;
    uint32_t input_latency;  /* frames from the network's timestamp of a sample to its place in the inputs */
    uint32_t output_latency; /* frames that a sample waits in the outputs until its packet leaves */
    uint32_t safety;         /* frames that a driver keeps off the present in both directions */
    char name[TUTTI_LINK_NAME_BYTES];
    char input_names[TUTTI_REGION_MAX_CHANNELS][TUTTI_LINK_NAME_BYTES];
    char output_names[TUTTI_REGION_MAX_CHANNELS][TUTTI_LINK_NAME_BYTES];
} tutti_link_device;

/* Frames that an application's buffers keep off the present: the engine's longest cycle (1 ms) and as much
 * again. */
static inline uint32_t tutti_link_safety_frames(uint32_t rate) {
    return rate / 500;
}

#ifdef __cplusplus
}
#endif

#endif
