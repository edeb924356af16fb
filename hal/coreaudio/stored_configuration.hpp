#pragma once
#include "configuration.hpp"

#include <CoreAudio/AudioServerPlugIn.h>

/// What the device was like when it was last seen, so that it appears as such before the engine is there: one
/// JSON string in the host's storage. [hal], without the driver's lock.
namespace tutti::coreaudio::stored_configuration {

/// False if there is none, or none that makes sense.
bool load(AudioServerPlugInHostRef host, Configuration& configuration) noexcept;
void store(AudioServerPlugInHostRef host, const Configuration& configuration) noexcept;

} // namespace tutti::coreaudio::stored_configuration
