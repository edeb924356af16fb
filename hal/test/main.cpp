#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <sys/resource.h>

int main(int argc, char** argv) {
    // The tests play in real time beside compilers and other tests; without the right to do so they just run.
    setpriority(PRIO_PROCESS, 0, -15);
    doctest::Context context(argc, argv);
    return context.run();
}
