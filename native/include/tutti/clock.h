/* Clock sources: publish the relation of local to media time (plugin.h has the rules). */
#ifndef TUTTI_CLOCK_H
#define TUTTI_CLOCK_H

#include "tutti/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Same values as in the device region. */
typedef enum tutti_clock_state {
    tutti_clock_free_run = 0,
    tutti_clock_listening = 1,
    tutti_clock_calibrating = 2,
    tutti_clock_locked = 3,
    tutti_clock_holdover = 4
} tutti_clock_state;

/* media time at local time t = media_ns + dt + dt * rate_deviation, dt = t - local_ns. Local time is
 * CLOCK_MONOTONIC in ns, on macOS CLOCK_UPTIME_RAW. */
typedef struct tutti_clock_relation {
    size_t size;
    uint32_t abi;
    uint32_t state; /* tutti_clock_state */
    int64_t local_ns;
    int64_t media_ns;      /* ns since 1970-01-01 TAI, of the PTP timescale in use */
    double rate_deviation; /* within +-1e-3 */
    int64_t error_ns;      /* estimated error, -1 if unknown */
    uint64_t generation;   /* +1 when media time steps: positions before and after do not compare */
    uint8_t grandmaster[8];
    uint8_t has_grandmaster;
    uint8_t domain;
    uint8_t ptp_v1; /* 1: the grandmaster is one of IEEE 1588-2002, which has no number for its domain */
    uint8_t reserved[5];
} tutti_clock_relation;

/* Where a source reports. [any] thread of the source, one at a time. Copies the relation; returns at once. */
typedef void (*tutti_clock_publish_fn)(void* context, const tutti_clock_relation* relation);

typedef struct tutti_clock_source {
    size_t size;
    uint32_t abi;
    const char* id;

    /*
     * [control] Starts a source with options (JSON text, never NULL). It runs threads of its own and
     * publishes a first relation before it returns if it can. Returns a handle, or NULL with a sentence in
     * `error`.
     */
    void* (*start)(const char* options, tutti_clock_publish_fn publish, void* context, char* error,
                   size_t error_bytes);

    /* [control] Ends it: no publish happens after this returns. */
    void (*stop)(void* handle);

    /* clang-format off */
    /*
     * [control] What people see of the source beyond the relation: one JSON object, UTF-8. Every member may be
     * absent; who reads it checks it and passes over what it does not know. Identities are EUI-64, upper case
     * with dashes.
     *
     *   role         "follower", "grandmaster" (others follow us) or "observer" (listens, asks nothing)
     *   identity     ours on the wire
     *   interfaces   [{name, address, timestamping, reason}]: "hardware", "kernel" or "user" (the worst), and why
     *                not better
     *   domain       0 to 255
     *   master       {identity, port, address, interface}: who is measured
     *   dataset      what the grandmaster says of itself: {identity, priority1, clockClass, accuracy, variance,
     *                priority2, stepsRemoved, timeSource, utcOffset, utcOffsetValid, ptpTimescale,
     *                timeTraceable, frequencyTraceable, leap}: numbers as on the wire, booleans, leap -1, 0, 1
     *   offsetNs     media time minus the master's, as last measured
     *   pathDelayNs  mean path delay
     *   ratePpm      the master's rate against our oscillator
     *   rates        {announce, sync, delayRequest, delayResponse}: messages a second, of late
     *   counters     {NAME: count} since the start
     *   candidates   the election: [{protocol, domain, identity, grandmaster, port, address, interface,
     *                priority1, clockClass, accuracy, variance, priority2, stepsRemoved, announces, ageMs,
     *                standing, reason}]; standing: "followed", "outvoted", "otherDomain", "unqualified",
     *                "silent", "invalid", "ourselves"; reason: a sentence for people
     *   lastStepNs   what the last declared step of media time was
     *
     * Returns the length of the text; if that is not less than `bytes`, nothing was written and the caller comes
     * again with more room. May be NULL: nothing to tell.
     */
    /* clang-format on */
    size_t (*report)(void* handle, char* json, size_t bytes);
} tutti_clock_source;

#ifdef __cplusplus
}
#endif
#endif
