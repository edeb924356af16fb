// Looks at the media time of instances from outside, through their device regions, as a driver does:
//
//   timeline watch --region PATH [--seconds S] [--truth-ahead NS]   clock state, steps, error against
//   CLOCK_REALTIME timeline mark  --region PATH --channel C [--seconds S]          plays frames that say
//   their own index timeline find  --region PATH --channel C [--source PATH] [--seconds S]   finds them, says
//   how much later they are
//
// Channels count from 1. Runs for so many seconds, or until SIGINT or SIGTERM.
#include "verbs.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace tutti::tools {
std::atomic<bool> stop{false};
}

using namespace tutti::tools;

int main(int argc, char** argv) {
    Arguments arguments;
    for (int i = 2; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--region") == 0)
            arguments.region = argv[i + 1];
        else if (std::strcmp(argv[i], "--source") == 0)
            arguments.source = argv[i + 1];
        else if (std::strcmp(argv[i], "--channel") == 0)
            arguments.channel = static_cast<uint32_t>(std::atoi(argv[i + 1])) - 1;
        else if (std::strcmp(argv[i], "--seconds") == 0)
            arguments.seconds = std::atof(argv[i + 1]);
        else if (std::strcmp(argv[i], "--truth-ahead") == 0)
            arguments.truth_ahead_ns = std::atoll(argv[i + 1]);
    }
    struct sigaction action {};
    action.sa_handler = [](int) { stop = true; };
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    const std::string verb = argc > 1 ? argv[1] : "";
    if (!arguments.region.empty()) {
        if (verb == "watch")
            return watch(arguments);
        if (verb == "mark")
            return mark(arguments);
        if (verb == "find")
            return find(arguments);
    }
    std::fprintf(stderr, "usage: timeline watch|mark|find --region PATH ...\n");
    return 2;
}
