/*
 * Native plug-in ABI (ARCHITECTURE.md, boundary 2): codecs and clock sources are shared libraries that an
 * extension's manifest names. Plain C; every struct begins with its size and the ABI version it was built
 * for; no exception, no C++ type and no allocation crosses. A library built for another major version is
 * refused with a reason. A minor version only adds members at a struct's end: who reads one of them looks
 * first whether the size covers it (TUTTI_HAS), so that older libraries go on working.
 *
 * Thread tags, in brackets at each function:
 *   [control]  the engine's main thread; may block and allocate
 *   [audio]    a real-time thread; must not lock, allocate, log, or call the system
 *   [any]      any thread
 */
#ifndef TUTTI_PLUGIN_H
#define TUTTI_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TUTTI_ABI_MAJOR 1u
#define TUTTI_ABI_MINOR 1u
#define TUTTI_ABI ((TUTTI_ABI_MAJOR << 16) | TUTTI_ABI_MINOR)

/* Whether the table that `pointer` leads to was built with this member. */
#define TUTTI_HAS(pointer, type, member)                                                                     \
    ((pointer)->size >= offsetof(type, member) + sizeof((pointer)->member))

/* What the engine offers a plug-in. Valid for the life of the process. */
typedef struct tutti_host {
    size_t size;
    uint32_t abi;
    /* [control] or a thread of the plug-in, never [audio]. severity: 0 info, 1 warning, 2 error. code is
     * stable. */
    void (*log)(int severity, const char* code, const char* message);
} tutti_host;

struct tutti_codec;
struct tutti_clock_source;

/* A library's contents. Everything pointed to lives as long as the process and is never changed. */
typedef struct tutti_plugin {
    size_t size;
    uint32_t abi;
    const char* name;
    uint32_t codec_count;
    const struct tutti_codec* const* codecs;
    uint32_t clock_count;
    const struct tutti_clock_source* const* clocks;
} tutti_plugin;

/*
 * [control] The one exported symbol, "tutti_plugin_entry". Called once, with the engine's host struct.
 * Returns NULL if it cannot work with this engine.
 */
typedef const tutti_plugin* (*tutti_plugin_entry_fn)(const tutti_host* host);
#define TUTTI_PLUGIN_ENTRY "tutti_plugin_entry"

#ifdef __cplusplus
}
#endif
#endif
