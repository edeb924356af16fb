#include "realtime.hpp"

#include "local_time.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>

#include <cerrno>

namespace tutti {

bool become_realtime(const char* name) noexcept {
    constexpr int priority = 70; // below the kernel's interrupt threads, above everything ordinary
    pthread_setname_np(pthread_self(), name);
    sched_param parameter{};
    parameter.sched_priority = priority;
    const bool granted = pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter) == 0;
    prctl(PR_SET_TIMERSLACK, 1UL); // without real-time priority the kernel would round our wake-ups by 50 us
    return granted;
}

void sleep_until(int64_t local_ns) noexcept {
    const timespec time{local_ns / ns_per_second, local_ns % ns_per_second};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr) == EINTR) {
    }
}

} // namespace tutti
