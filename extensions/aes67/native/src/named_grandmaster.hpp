// Whose time a clock has that another program keeps (ptp4l, phc2sys, chrony): nobody but a person can tell.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "option_reader.hpp"
#include "tutti/clock.h"

namespace tutti::aes67 {

// Options "grandmaster", an EUI-64 as in "00-1D-C1-FF-FE-12-34-56", and "domain", 0 to 127. With them
// descriptions of our senders name that grandmaster, and streams that name it are taken to be on our clock.
class NamedGrandmaster {
  public:
    // Nothing if `option` is neither of the two; else empty, or a sentence for the user of the clock `clock`.
    // [control]
    std::optional<std::string> take(std::string_view option, OptionReader& reader, std::string_view clock);

    // [any]
    void write_to(tutti_clock_relation& relation) const noexcept;

  private:
    std::optional<std::array<uint8_t, 8>> identity_;
    uint8_t domain_ = 0;
};

} // namespace tutti::aes67
