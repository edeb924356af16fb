#include "scratch.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace tutti::hal::test {

std::string scratch_path(const std::string& name) {
    return "/dev/shm/tutti-hal-test-" + std::to_string(getpid()) + "." + name;
}

std::string region_path() {
    return scratch_path("region");
}

std::string write_alsa_config(const std::string& library) {
    std::string path = scratch_path("alsa");
    std::ofstream(path) << "</usr/share/alsa/alsa.conf>\n"
                           "pcm_type.tutti {\n"
                           "  lib \""
                        << library
                        << "\"\n"
                           "}\n"
                           "pcm.tutti {\n"
                           "  @args [ CHANNELS FIRST ]\n"
                           "  @args.CHANNELS { type integer default 0 }\n"
                           "  @args.FIRST { type integer default 1 }\n"
                           "  type tutti\n"
                           "  region \""
                        << region_path()
                        << "\"\n"
                           "  channels $CHANNELS\n"
                           "  first $FIRST\n"
                           "}\n";
    return path;
}

CommandResult run(const std::string& command) {
    CommandResult result;
    FILE* pipe = popen(("( " + command + " ) 2>&1").c_str(), "re");
    if (pipe == nullptr)
        return result;
    char buffer[4096];
    while (const std::size_t got = fread(buffer, 1, sizeof(buffer), pipe))
        result.output.append(buffer, got);
    const int status = pclose(pipe);
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

ScratchFile::~ScratchFile() {
    unlink(path_.c_str());
}

} // namespace tutti::hal::test
