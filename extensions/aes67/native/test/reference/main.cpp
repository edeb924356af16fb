// `ptp_reference DOMAIN`: a PTP master on the loopback interface that test/conformance.test.ts steps, slews
// and silences by lines on standard input. After each it says `LOCAL_NS TIME_NS`: its time at a
// CLOCK_MONOTONIC time.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>

#include "ptp/loopback_master.hpp"

int main(int count, char** arguments) {
    const int domain = count == 2 ? std::atoi(arguments[1]) : -1;
    if (domain < 0 || domain > 127)
        return 2;
    // Of another age, so that nobody is right by chance.
    tutti::aes67::ptp::test::LoopbackMaster master(static_cast<uint8_t>(domain), -1'000'000'000'000'000'000);
    if (!master.error().empty()) {
        std::fprintf(stderr, "no PTP master here: %s\n", master.error().c_str());
        return 1;
    }
    for (std::string line = "begin"; !std::cin.fail(); std::getline(std::cin, line)) {
        const std::string value = line.substr(line.find(' ') + 1);
        if (line.starts_with("step "))
            master.step(std::strtoll(value.c_str(), nullptr, 10));
        else if (line.starts_with("slew "))
            master.slew(std::strtod(value.c_str(), nullptr));
        else if (line == "silence" || line == "speak")
            master.set_silent(line == "silence");
        timespec now{};
        clock_gettime(CLOCK_MONOTONIC, &now);
        const int64_t local_ns = int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
        std::printf("%" PRId64 " %" PRId64 "\n", local_ns, master.time_at(local_ns));
        std::fflush(stdout);
    }
    return 0;
}
