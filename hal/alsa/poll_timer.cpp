#include "poll_timer.hpp"

#include "client/local_time.hpp"

#include <sys/timerfd.h>

#include <algorithm>

namespace tutti::hal {

PollTimer::PollTimer() noexcept : fd_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {}

void PollTimer::set(int64_t local_ns) noexcept {
    local_ns = std::max<int64_t>(local_ns, local_ns == 0 ? 0 : 1);
    if (local_ns == target_ns_)
        return;
    target_ns_ = local_ns;
    itimerspec time{};
    time.it_value.tv_sec = local_ns / ns_per_second;
    time.it_value.tv_nsec = local_ns % ns_per_second;
    timerfd_settime(fd_.get(), TFD_TIMER_ABSTIME, &time, nullptr);
}

} // namespace tutti::hal
