#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace tutti::coreaudio::test {

/// A serial dispatch queue: one thread, one piece of work at a time, in the order in which they are due.
class SerialQueue {
  public:
    using Work = std::function<void()>;

    SerialQueue();
    /// Waits for the work that runs; what is still to come is forgotten.
    ~SerialQueue();
    SerialQueue(const SerialQueue&) = delete;
    SerialQueue& operator=(const SerialQueue&) = delete;

    /// From any thread.
    void run_after(std::chrono::nanoseconds delay, Work work);
    /// Returns when it has run. Not from the queue's own thread.
    void run_and_wait(const Work& work);

  private:
    using Clock = std::chrono::steady_clock;
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<Clock::time_point, Work> due_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace tutti::coreaudio::test
