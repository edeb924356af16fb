#include "crash_report.hpp"
#include "plugin_registry.hpp"
#include "scratch_file.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>

using namespace tutti;

namespace crash_report_test {
using tutti::test::ScratchFile;

// Sanitizers handle these signals themselves and end the process in another way.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

const std::string crashing = TUTTI_TEST_PLUGINS "/crash.so";

/// Runs `act` in a process of its own with a report at `path`. What ended it, and what the report says.
std::pair<int, std::string> after(const std::string& path,
                                  const std::function<void(const tutti_codec&)>& act) {
    const pid_t child = fork();
    if (child == 0) {
        // doctest's own handlers would print a second summary, with a failure that is none.
        for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
            std::signal(signal, SIG_DFL);
        crash_report::install(path);
        PluginRegistry registry;
        if (registry.load({"codec", "L24", crashing}).has_value())
            _exit(1);
        act(*registry.codec("L24"));
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return {WIFSIGNALED(status) ? WTERMSIG(status) : 0, text.str()};
}

} // namespace

TEST_CASE("a crash in a plug-in is reported with its library, and ends the process as before") {
    const ScratchFile file("crash");
    const auto [signal, report] = after(file.path(), [](const tutti_codec& codec) {
        const uint8_t wire[3]{};
        float sample = 0;
        codec.decode(wire, 3, &sample, 1, 1, 1);
    });
    CHECK(signal == SIGSEGV);
    CHECK(report == crashing + "\n" + std::to_string(SIGSEGV) + "\n");
}

TEST_CASE("a crash of the engine itself is not blamed on a plug-in") {
    const ScratchFile file("crash");
    const auto [signal, report] = after(file.path(), [](const tutti_codec&) { std::abort(); });
    CHECK(signal == SIGABRT);
    CHECK(report.empty());
}

#endif

} // namespace crash_report_test
