#pragma once
#include "tutti/device_link.h"

#include <cstddef>

namespace tutti::coreaudio {

/// What a link brings to the driver. Everything is called on the link's own thread, one call at a time.
/// [link]
struct LinkHandler {
    void* context = nullptr;
    /// A message of the engine, as it came, with the memory that came with it (null if none). True if the
    /// handler took the memory over; otherwise the link unmaps it. `hang_up` is set if the engine is not one
    /// to talk to.
    bool (*on_message)(void* context, const void* message, std::size_t bytes, void* memory,
                       std::size_t memory_bytes, bool& hang_up) = nullptr;
    /// The connection is gone. The region stays: it says by itself whether anybody runs it.
    void (*on_gone)(void* context) = nullptr;
    /// About four times a second.
    void (*on_tick)(void* context) = nullptr;
};

/**
 * The way to the engine: XPC on macOS (engine_link_xpc_macos.cpp), a Unix socket elsewhere
 * (engine_link_socket.cpp). Connects, says hello, and connects again for as long as it takes: after 0, 0.25,
 * 0.5, 1, 2 seconds, then every 5. A process has one. Never to be called from a real-time thread. [control]
 */
namespace engine_link {

/// False if the system has no thread for it.
bool start(const LinkHandler& handler) noexcept;
/// Returns when nothing will be called any more. Not from the link's own thread.
void stop() noexcept;
/// Sent if there is a connection, else forgotten. From any thread but real-time ones.
void send(const tutti_link_request& request) noexcept;

/// How long to wait before the attempt of this number (from 0), ns.
constexpr int64_t retry_delay_ns(unsigned attempt) noexcept {
    constexpr int64_t delays_ms[] = {0, 250, 500, 1000, 2000, 5000};
    constexpr unsigned last = sizeof(delays_ms) / sizeof(delays_ms[0]) - 1;
    return delays_ms[attempt < last ? attempt : last] * 1'000'000;
}

inline constexpr int64_t tick_ns = 250'000'000;

} // namespace engine_link
} // namespace tutti::coreaudio
