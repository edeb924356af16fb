/*
 * Loaded into ptp4l with LD_PRELOAD: every software timestamp that it gets from the kernel is later by
 * TUTTI_SHIFT_NS (may be negative). It then serves a time that is not this machine's, as a Dante grandmaster
 * does that counts from when it was switched on, while all else about it stays the real program.
 */
#define _GNU_SOURCE
/* errqueue.h needs it and does not say so */
#include <time.h>

#include <dlfcn.h>
#include <linux/errqueue.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void shift(struct timespec* time, int64_t by) {
    if (time->tv_sec == 0 && time->tv_nsec == 0)
        return; /* absent */
    const int64_t second = 1000000000;
    const int64_t ns = time->tv_sec * second + time->tv_nsec + by;
    time->tv_sec = ns / second;
    time->tv_nsec = ns % second;
}

__attribute__((visibility("default"))) ssize_t recvmsg(int fd, struct msghdr* message, int flags) {
    static ssize_t (*next)(int, struct msghdr*, int);
    if (next == NULL) {
        void* found = dlsym(RTLD_NEXT, "recvmsg");
        memcpy(&next, &found, sizeof next); /* ISO C has no cast from object to function */
    }
    const ssize_t length = next(fd, message, flags);
    const char* text = getenv("TUTTI_SHIFT_NS");
    if (length < 0 || text == NULL)
        return length;
    for (struct cmsghdr* c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPING)
            continue;
        struct scm_timestamping stamps;
        memcpy(&stamps, CMSG_DATA(c), sizeof stamps);
        shift(&stamps.ts[0], atoll(text));
        memcpy(CMSG_DATA(c), &stamps, sizeof stamps);
    }
    return length;
}
