#include "serial_queue.hpp"

#include <future>
#include <memory>
#include <utility>

namespace tutti::coreaudio::test {

SerialQueue::SerialQueue() : thread_([this] { run(); }) {}

SerialQueue::~SerialQueue() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void SerialQueue::run_after(std::chrono::nanoseconds delay, Work work) {
    {
        const std::lock_guard lock(mutex_);
        due_.emplace(Clock::now() + delay, std::move(work));
    }
    changed_.notify_one();
}

void SerialQueue::run_and_wait(const Work& work) {
    const auto done = std::make_shared<std::promise<void>>(); // the queue still holds it when we go on
    run_after({}, [work, done] {
        work();
        done->set_value();
    });
    done->get_future().wait();
}

void SerialQueue::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (due_.empty()) {
            changed_.wait(lock);
        } else if (const Clock::time_point first = due_.begin()->first; first > Clock::now()) {
            changed_.wait_until(lock, first);
        } else {
            const Work work = std::move(due_.begin()->second);
            due_.erase(due_.begin());
            lock.unlock();
            work();
            lock.lock();
        }
    }
}

} // namespace tutti::coreaudio::test
