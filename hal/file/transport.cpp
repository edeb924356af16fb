#include "transport.hpp"

#include "client/local_time.hpp"

#include <time.h>

namespace tutti::hal {
namespace {

constexpr timespec transport_pause{0, 5'000'000};
constexpr int clock_attempts = 100;

std::string quote(const std::string& text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            quoted += '\\';
        quoted += c >= ' ' ? c : '?';
    }
    return quoted + '"';
}

} // namespace

std::string TransportReport::to_json() const {
    return "{\"start\":" + std::to_string(start) + ",\"frames\":" + std::to_string(frames) +
           ",\"late\":" + std::to_string(late) + ",\"silent\":" + std::to_string(silent) +
           ",\"problem\":" + (problem.empty() ? "null" : quote(problem)) + "}";
}

bool Transport::open(const std::string& path, TransportReport& report) {
    if (const RegionProblem problem = region_.open(path)) {
        report.outcome = problem.error == RegionError::missing ? Outcome::missing : Outcome::failed;
        report.problem = path + " " + problem.message;
        return false;
    }
    for (int attempt = 0; !clock_.refresh(region_); ++attempt) {
        if (attempt == clock_attempts) {
            report.problem = "the engine has not started its clock";
            return false;
        }
        pause_transport();
    }
    epoch_ = clock_.epoch();
    return true;
}

bool Transport::follow(TransportReport& report) {
    clock_.refresh(region_);
    if (clock_.epoch() == epoch_ && !region_.retired())
        return true;
    report.outcome = Outcome::degraded;
    report.problem = region_.retired() ? "the engine has replaced the device" : "the timeline stepped";
    return false;
}

int64_t Transport::now() const noexcept {
    return clock_.index_at(local_now_ns());
}

void pause_transport() {
    nanosleep(&transport_pause, nullptr);
}

} // namespace tutti::hal
