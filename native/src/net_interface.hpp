#pragma once
#include "problem.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace tutti {

/// Index of the interface that is up and has this IPv4 address; 0 if none is. [control]
uint32_t interface_index(const std::string& address);

Problem interface_gone(const std::string& field, const std::string& address);

/// The problem behind an errno of a socket call. [control]
Problem socket_problem(int error, const std::string& field, const std::string& what);

/// IPv4 text to network order; the plan was checked before. [control]
uint32_t ipv4(const std::string& address);

inline bool is_multicast(uint32_t network_order) {
    return (network_order & 0xF0u) == 0xE0u;
}

} // namespace tutti
