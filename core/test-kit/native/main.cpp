// The native half of the conformance suites of @tutti/test; src/codec-conformance.ts and clock-conformance.ts
// run it. A rule that is broken is a sentence on standard output and exit code 1; a library that cannot be
// used is one on standard error and exit code 2.
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include "clock_session.hpp"
#include "codec_rules.hpp"
#include "plugin_library.hpp"

using namespace tutti::test;

int main(int count, char** arguments) {
    try {
        const std::string kind = count > 1 ? arguments[1] : "";
        if (kind == "codec" && count == 5) {
            const PluginLibrary library(arguments[2]);
            const std::string broken = broken_codec_rule(library.codec(arguments[3]), arguments[4]);
            std::puts(broken.c_str());
            return broken.empty() ? 0 : 1;
        }
        if (kind == "clock" && count == 4) {
            const PluginLibrary library(arguments[2]);
            ClockSession session(library.clock(arguments[3]));
            for (std::string line; std::getline(std::cin, line);)
                session.handle(line);
            return 0;
        }
        std::fputs("conformance codec LIBRARY ENCODING RULE | clock LIBRARY ID\n", stderr);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
    }
    return 2;
}
