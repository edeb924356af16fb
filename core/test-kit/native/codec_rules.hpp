// What every codec behind tutti/codec.h must do, by name, each run in a process of its own.
#pragma once

#include <string>

#include "tutti/codec.h"

namespace tutti::test {

// Rules: round-trip (and bounds), range, rounding, empty, allocation, stage, probe. Returns what was broken,
// "" if nothing was; throws std::invalid_argument for a rule that is none.
std::string broken_codec_rule(const tutti_codec& codec, const std::string& rule);

} // namespace tutti::test
