#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "scratch.hpp"

#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char** argv) {
    // The tests play in real time beside compilers and other tests; without the right to do so they just run.
    setpriority(PRIO_PROCESS, 0, -15);
    doctest::Context context(argc, argv);
    const int result = context.run();
    unlink(tutti::hal::test::scratch_path("alsa").c_str());
    return result;
}
