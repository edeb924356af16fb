/* Host time of macOS, for machines that are none: ticks, and what a tick is in nanoseconds. */
#ifndef TUTTI_ABI_MACH_TIME_H
#define TUTTI_ABI_MACH_TIME_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mach_timebase_info {
    uint32_t numer;
    uint32_t denom;
} mach_timebase_info_data_t;

/* 0 on success. */
int mach_timebase_info(struct mach_timebase_info* info);
uint64_t mach_absolute_time(void);

#ifdef __cplusplus
}
#endif

#endif
