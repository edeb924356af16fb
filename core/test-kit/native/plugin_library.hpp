// A plug-in library, loaded as the engine loads it.
#pragma once

#include <string>

#include "tutti/clock.h"
#include "tutti/codec.h"

namespace tutti::test {

class PluginLibrary {
  public:
    // Throws std::runtime_error with a sentence if the library cannot be used. It is never unloaded.
    explicit PluginLibrary(const std::string& path);

    // By encoding or id; throws if there is none, or its table is not of this ABI.
    const tutti_codec& codec(const std::string& encoding) const;
    const tutti_clock_source& clock(const std::string& id) const;

  private:
    const tutti_plugin* plugin_ = nullptr;
};

} // namespace tutti::test
