// Says when a processor stood still: its thread on each comes before everything else, so that only the kernel
// or the host of a virtual machine can keep it from running.
//
//   standstill_witness        until its input ends
//
// Prints a line for each time that a thread woke over 20 ms late: Unix time in ms, how late in ms, the
// processor. Fails where it may not have the highest priority, because then it would only say that others
// run.
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <thread>

namespace {

constexpr int64_t ms_in_ns = 1'000'000;
constexpr int64_t sleep_ns = 5 * ms_in_ns;
constexpr int64_t told_from_ns = 20 * ms_in_ns;

int64_t now_ns(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

bool come_first(int processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    sched_param priority{};
    priority.sched_priority = sched_get_priority_max(SCHED_FIFO);
    return pthread_setaffinity_np(pthread_self(), sizeof(set), &set) == 0 &&
           pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority) == 0;
}

void watch(int processor) {
    if (!come_first(processor)) {
        std::fputs("standstill_witness: the highest real-time priority is not allowed\n", stderr);
        _exit(1);
    }
    int64_t before = now_ns(CLOCK_MONOTONIC);
    for (;;) {
        const timespec pause{0, sleep_ns};
        nanosleep(&pause, nullptr);
        const int64_t now = now_ns(CLOCK_MONOTONIC);
        const int64_t late = now - before - sleep_ns;
        if (late > told_from_ns) {
            std::printf("%lld %lld %d\n", static_cast<long long>(now_ns(CLOCK_REALTIME) / ms_in_ns),
                        static_cast<long long>(late / ms_in_ns), processor);
            std::fflush(stdout);
        }
        before = now;
    }
}

} // namespace

int main() {
    mlockall(MCL_CURRENT | MCL_FUTURE);
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    for (int i = 0; i < processors; ++i)
        std::thread(watch, i).detach();
    char ignored = 0;
    while (read(STDIN_FILENO, &ignored, 1) > 0) {
    }
    _exit(0); // its threads have nothing to finish
}
