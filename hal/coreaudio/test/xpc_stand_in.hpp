#pragma once
#include "macho_imports.hpp"

namespace tutti::coreaudio::test {

/**
 * The part of XPC that the driver uses, over the engine's socket (tutti/device_link.h), so that the same
 * engines answer a driver that was built for a Mac: a dictionary is a datagram, shared memory the descriptor
 * that comes with it. Looking up a service finds the engine at TUTTI_DEVICE_SOCKET, whatever its name.
 */
Symbols xpc_symbols();

} // namespace tutti::coreaudio::test
