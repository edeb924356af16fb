/// region-keeper PATH [RATE]: a region without an engine, for trying drivers by hand. Ends with its standard
/// input.
#include "test/region_keeper.hpp"

#include <cstdlib>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc < 2)
        return 2;
    tutti::hal::test::KeeperOptions options;
    options.path = argv[1];
    if (argc > 2)
        options.rate = static_cast<uint32_t>(std::atoi(argv[2]));
    options.loop_offset = options.rate / 4;
    tutti::hal::test::RegionKeeper keeper(options);
    keeper.start();
    char ignored = 0;
    while (read(STDIN_FILENO, &ignored, 1) > 0) {
    }
    return 0;
}
