/*
 * Loaded into ptp4l with LD_PRELOAD: gives it a clock of its own in place of the system's, everything else
 * about it stays the real program. The clock is CLOCK_REALTIME, ahead by TUTTI_AHEAD_NS (may be negative),
 * plus what ptp4l adjusts.
 *
 * A master serves another time with it than this machine's, as a Dante grandmaster does that counts from when
 * it was switched on. A follower steers a clock with it whose true error is known, and never the machine's:
 * just before each adjustment it prints "clock error NS", which is what the last adjustments have come to.
 */
#define _GNU_SOURCE
/* errqueue.h needs it and does not say so */
#include <time.h>

#include <dlfcn.h>
#include <linux/errqueue.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timex.h>

#define SECOND_NS INT64_C(1000000000)
#define EXPORTED __attribute__((visibility("default")))

/* ptp4l has one thread. */
static int64_t base_ns;  /* of CLOCK_REALTIME, when the rate was last set */
static double ahead_ns;  /* there, besides TUTTI_AHEAD_NS, which is too big for a double */
static double rate;      /* deviation */
static int64_t start_ns; /* TUTTI_AHEAD_NS */

__attribute__((constructor)) static void read_options(void) {
    const char* text = getenv("TUTTI_AHEAD_NS");
    start_ns = text != NULL ? atoll(text) : 0;
}

static int64_t real_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * SECOND_NS + now.tv_nsec;
}

static double adjusted_ns(int64_t real_ns) {
    return ahead_ns + rate * (double)(real_ns - base_ns);
}

static void own_time(struct timespec* time) {
    if (time->tv_sec == 0 && time->tv_nsec == 0)
        return; /* absent */
    const int64_t real_ns = time->tv_sec * SECOND_NS + time->tv_nsec;
    const int64_t ns = real_ns + start_ns + (int64_t)adjusted_ns(real_ns);
    time->tv_sec = ns / SECOND_NS;
    time->tv_nsec = ns % SECOND_NS;
}

EXPORTED ssize_t recvmsg(int fd, struct msghdr* message, int flags) {
    static ssize_t (*next)(int, struct msghdr*, int);
    if (next == NULL) {
        void* found = dlsym(RTLD_NEXT, "recvmsg");
        memcpy(&next, &found, sizeof next); /* ISO C has no cast from object to function */
    }
    const ssize_t length = next(fd, message, flags);
    if (length < 0)
        return length;
    for (struct cmsghdr* c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPING)
            continue;
        struct scm_timestamping stamps;
        memcpy(&stamps, CMSG_DATA(c), sizeof stamps);
        own_time(&stamps.ts[0]);
        memcpy(CMSG_DATA(c), &stamps, sizeof stamps);
    }
    return length;
}

EXPORTED int clock_adjtime(clockid_t clock, struct timex* timex) {
    (void)clock;
    const int64_t now = real_now_ns();
    if (timex->modes & (ADJ_FREQUENCY | ADJ_SETOFFSET)) {
        printf("clock error %.0f\n", adjusted_ns(now));
        fflush(stdout);
        ahead_ns = adjusted_ns(now);
        base_ns = now;
    }
    if (timex->modes & ADJ_FREQUENCY)
        rate = (double)timex->freq / 65536e6; /* 2^-16 ppm (adjtimex(2)) */
    if (timex->modes & ADJ_SETOFFSET) {
        const int64_t unit = timex->modes & ADJ_NANO ? 1 : 1000;
        ahead_ns += (double)(timex->time.tv_sec * SECOND_NS + timex->time.tv_usec * unit);
    }
    timex->freq = (long)(rate * 65536e6);
    timex->tolerance = 500 * 65536;
    return TIME_OK;
}
