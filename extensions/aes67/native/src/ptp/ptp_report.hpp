// What people see of the clock source "ptp", as JSON (tutti/clock.h, `report`), and beyond what is listed
// there: `identity`, our own on the wire, and in each candidate `grandmaster`, who is another than `identity`
// behind a boundary clock.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ptp/ptp_clock.hpp"

namespace tutti::aes67::ptp {

struct PtpReport {
    struct Interface {
        std::string name;                    // empty while it is not there
        uint32_t address = 0;                // IPv4, network order
        const char* timestamping = "kernel"; // "hardware", "kernel" or "user"
        std::string reason;                  // why not "hardware"
    };
    std::vector<Interface> interfaces; // [0] is port 1
    ClockStatus clock;
};

// [control]
std::string to_json(const PtpReport& report);

} // namespace tutti::aes67::ptp
