// Ports 319 and 320 of PTP's four groups on one interface, with the kernel's timestamps of arrivals.
// Receives only: there is no function that sends.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "network_interface.hpp"

namespace tutti::dante_compat {

struct Datagram {
    std::array<uint8_t, 256> bytes; // longer ones are cut: no message that we read is
    size_t length = 0;
    uint32_t source = 0;  // IPv4, network order
    int64_t wall_ns = 0;  // of its arrival, in terms of stamp_clock
    bool stamped = false; // by the kernel; else a reading of ours, worse by the time it took to run us
};

// Owns its descriptors. [control] opens; then of one thread.
//
// Each socket is bound to its group's address, not to any: what is sent to this machine's own address, such
// as the answers that another PTP program waits for, is never taken away from it.
class ObserverSockets {
  public:
    static constexpr size_t count = 8; // two ports of four groups
    // Event messages, whose arrival matters, come in on the first half.
    static constexpr bool is_event(size_t socket) noexcept { return socket < count / 2; }

    ObserverSockets() = default;
    ~ObserverSockets() { close(); }
    ObserverSockets(const ObserverSockets&) = delete;
    ObserverSockets& operator=(const ObserverSockets&) = delete;

    // Empty, or a sentence why not. Shares the ports with other PTP programs of this machine.
    std::string open(const NetworkInterface& interface);
    void close() noexcept;
    bool is_open() const noexcept { return fds_[0] >= 0; }
    const std::array<int, count>& fds() const noexcept { return fds_; } // -1 where closed

    // The next PTPv1 datagram that came in on the interface; false if there is none. Does not block. Event
    // messages without a kernel stamp are passed over until it is clear that none will come.
    bool receive(size_t socket, Datagram& datagram) noexcept;

    // PTPv1, without Management. The kernel is asked to drop all else where it can be, so that a flood of it
    // does not even wake us (Linux); false if it refuses.
    static bool is_ours(const Datagram& datagram) noexcept;
    static bool ask_kernel_to_drop_others(int fd) noexcept;

  private:
    static bool stamp_arrivals(int fd) noexcept;
    std::string open_one(size_t socket, const NetworkInterface& interface);

    std::array<int, count> fds_{-1, -1, -1, -1, -1, -1, -1, -1};
    int interface_index_ = 0;
    int64_t stamped_ns_ = 0; // local time of the last arrival that the kernel stamped, or of open()
};

} // namespace tutti::dante_compat
