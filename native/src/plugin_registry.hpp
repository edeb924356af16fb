#pragma once
#include "plan.hpp"
#include "problem.hpp"

#include "tutti/clock.h"
#include "tutti/codec.h"

#include <map>
#include <optional>
#include <string>

namespace tutti {

/// Loads native plug-ins and finds codecs and clock sources in them. A library once loaded is never unloaded:
/// a thread might still run in it. [control]
class PluginRegistry {
  public:
    /// Loads the library unless it is loaded and checks that it offers what the plan says. Refuses with a
    /// reason what was built for another major version of the ABI. What a file at the same path offered
    /// before stays mapped, and is used by whoever has it, until its streams are made anew.
    std::optional<Problem> load(const PluginPlan& plan);

    /// Null if no loaded library offers it.
    [[nodiscard]] const tutti_codec* codec(const std::string& encoding) const;
    [[nodiscard]] const tutti_clock_source* clock(const std::string& id) const;

  private:
    std::optional<Problem> open(const std::string& path, const std::string& key);
    /// By path and file.
    std::map<std::string, const tutti_plugin*> libraries_;
    std::map<std::string, const tutti_codec*> codecs_;
    std::map<std::string, const tutti_clock_source*> clocks_;
};

} // namespace tutti
