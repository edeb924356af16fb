// PTPv1 messages as senders write them: what the library itself must not be able to do.
#pragma once

#include <vector>

#include "v1_message.hpp"

namespace tutti::dante_compat::test {

std::vector<uint8_t> write(const Message& message);

Subdomain subdomain(const char* name);

// As a Dante leader is: stratum 153, "DFLT", a boundary clock, four Syncs a second with Follow_Up.
Sync dante_sync(const Uuid& grandmaster, int64_t origin_ns = 0);
Header dante_header(const PortId& source, uint16_t sequence = 0);

} // namespace tutti::dante_compat::test
