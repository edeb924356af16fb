// One clock source under test, driven by lines on standard input, reporting on standard output as JSON lines.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "tutti/clock.h"

namespace tutti::test {

// Understands `start OPTIONS`, `stop`, `report`, and `step NS`, `slew PPM`, `lose` and `give-back` of
// virtual_time.hpp. Every relation that the source publishes is a line {"relation": ...}; so is every answer.
class ClockSession {
  public:
    explicit ClockSession(const tutti_clock_source& source) : source_(source) {}
    ~ClockSession() { stop(); }
    ClockSession(const ClockSession&) = delete;
    ClockSession& operator=(const ClockSession&) = delete;

    void handle(const std::string& line);

  private:
    static void publish(void* context, const tutti_clock_relation* relation);
    void start(const std::string& options);
    void stop();
    void report();
    void say(const std::string& line);

    const tutti_clock_source& source_;
    void* running_ = nullptr;
    std::mutex output_; // publishes come from threads of the source
};

} // namespace tutti::test
