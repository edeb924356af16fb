// The best master clock algorithm's comparison of two announced clocks (IEEE 1588-2008 s.9.3.4, figures 27
// and 28).
#pragma once

#include <cstdint>

#include "ptp/ptp_message.hpp"

namespace tutti::aes67::ptp {

// What decided between two clocks, in the order in which it is looked at.
enum class Criterion : uint8_t {
    priority1,
    clock_class,
    accuracy,
    variance,
    priority2,
    grandmaster_identity,
    steps_removed,   // the same grandmaster over another number of boundary clocks
    sender_identity, // the same grandmaster, equally far
    receiver         // the same sender: on which of our ports it is heard
};

struct Comparison {
    bool first_is_better = false;
    Criterion criterion = Criterion::receiver;
};

// [any] thread. Of the topology comparison, distance and sender; what is left then is for who knows its own
// ports.
Comparison compare(const Announce& first, const PortIdentity& first_sender, const Announce& second,
                   const PortIdentity& second_sender) noexcept;

const char* to_text(Criterion criterion) noexcept;

} // namespace tutti::aes67::ptp
