#include "clock_session.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "virtual_time.hpp"

namespace tutti::test {
namespace {

std::string quoted(const std::string& text) {
    std::string json = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            json += '\\';
        json += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return json + "\"";
}

} // namespace

void ClockSession::handle(const std::string& line) {
    const size_t blank = line.find(' ');
    const std::string verb = line.substr(0, blank);
    const std::string rest = blank == std::string::npos ? "" : line.substr(blank + 1);
    if (verb == "start") {
        start(rest);
    } else if (verb == "stop") {
        stop();
        say(R"({"answer": "stopped"})");
    } else if (verb == "report") {
        report();
    } else if (verb == "step") {
        step_wall_clocks(std::strtoll(rest.c_str(), nullptr, 10));
        say(R"({"answer": "done"})");
    } else if (verb == "lose" || verb == "give-back") {
        lose_wall_clocks(verb == "lose");
        say(R"({"answer": "done"})");
    } else if (verb == "slew") {
        slew_clocks(std::strtod(rest.c_str(), nullptr));
        say(R"({"answer": "done"})");
    }
}

void ClockSession::publish(void* context, const tutti_clock_relation* relation) {
    const tutti_clock_relation& r = *relation;
    char line[512];
    // Nanoseconds are strings: they do not fit into a JavaScript number.
    std::snprintf(line, sizeof line,
                  R"({"relation": {"size": %zu, "abi": %u, "state": %u, "localNs": "%)" PRId64
                  R"(", "mediaNs": "%)" PRId64 R"(", "rate": %.12g, "errorNs": "%)" PRId64
                  R"(", "generation": "%)" PRIu64 R"("}})",
                  r.size, r.abi, r.state, r.local_ns, r.media_ns, r.rate_deviation, r.error_ns, r.generation);
    static_cast<ClockSession*>(context)->say(line);
}

void ClockSession::start(const std::string& options) {
    char error[512] = "";
    stop();
    running_ = source_.start(options.c_str(), publish, this, error, sizeof error);
    if (running_)
        say(R"({"answer": "started"})");
    else
        say(R"({"answer": "refused", "sentence": )" + quoted(error) + "}");
}

void ClockSession::stop() {
    if (running_)
        source_.stop(running_);
    running_ = nullptr;
}

void ClockSession::report() {
    if (!source_.report || !running_) {
        say(R"({"answer": "report"})");
        return;
    }
    char little[2] = {'#', '#'};
    const size_t length = source_.report(running_, little, 1);
    const bool kept = little[0] == '#' && little[1] == '#';
    std::vector<char> text(length + 4096, '\0');
    const size_t again = source_.report(running_, text.data(), text.size());
    say(R"({"answer": "report", "keptSmallBuffer": )" + std::string(kept ? "true" : "false") +
        R"(, "length": )" + std::to_string(again) + R"(, "text": )" + quoted(text.data()) + "}");
}

void ClockSession::say(const std::string& line) {
    const std::lock_guard lock(output_);
    std::fputs((line + "\n").c_str(), stdout);
    std::fflush(stdout);
}

} // namespace tutti::test
