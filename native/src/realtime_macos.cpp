#include "realtime.hpp"

#include "mach_ticks_macos.hpp"

#include <mach/mach_init.h>
#include <mach/thread_act.h>
#include <mach/thread_policy.h>
#include <pthread.h>

namespace tutti {

bool become_realtime(const char* name) noexcept {
    pthread_setname_np(name);
    // A cycle lasts 1 ms at most and works a fraction of it.
    thread_time_constraint_policy_data_t policy{};
    policy.period = static_cast<uint32_t>(ns_to_mach_ticks(1'000'000));
    policy.computation = static_cast<uint32_t>(ns_to_mach_ticks(400'000));
    policy.constraint = static_cast<uint32_t>(ns_to_mach_ticks(1'000'000));
    policy.preemptible = 1;
    return thread_policy_set(pthread_mach_thread_np(pthread_self()), THREAD_TIME_CONSTRAINT_POLICY,
                             reinterpret_cast<thread_policy_t>(&policy),
                             THREAD_TIME_CONSTRAINT_POLICY_COUNT) == KERN_SUCCESS;
}

void sleep_until(int64_t local_ns) noexcept {
    mach_wait_until(ns_to_mach_ticks(local_ns));
}

} // namespace tutti
