// Ports 319 and 320 on one interface, with the kernel's timestamps of arrivals and departures (Linux).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "ptp/ptp_clock.hpp"
#include "ptp/ptp_interface.hpp"

namespace tutti::aes67::ptp {

// Where a time comes from. A NIC's own stamps (SOF_TIMESTAMPING_RAW_HARDWARE, ts[2]) are the place for a
// third kind: they need the line from its PHC to local time, where WallLine now is the one from
// CLOCK_REALTIME.
enum class StampKind : uint8_t {
    kernel,
    user // the kernel gave none: a reading of ours, worse by the time it took to run us
};

struct Stamp {
    int64_t wall_ns = 0; // CLOCK_REALTIME
    StampKind kind = StampKind::user;
};

struct Datagram {
    std::array<uint8_t, 256> bytes; // longer ones are cut: no message that we read is
    size_t length = 0;
    uint32_t source = 0; // IPv4, network order
    Stamp stamp;
};

struct Departure {
    uint32_t token = 0;
    Stamp stamp;
};

// Owns its descriptors. [control] opens; then of one thread.
class Sockets {
  public:
    enum class Channel : uint8_t { event, general };

    Sockets() = default;
    ~Sockets() { close(); }
    Sockets(const Sockets&) = delete;
    Sockets& operator=(const Sockets&) = delete;

    // Empty, or a sentence why not. Shares the ports with other PTP programs of this machine (SO_REUSEADDR).
    std::string open(const Interface& interface);
    void close() noexcept;
    bool is_open() const noexcept { return fds_[0] >= 0; }
    int fd(Channel channel) const noexcept { return fds_[static_cast<size_t>(channel)]; }

    // The next datagram that came in on the interface; false if there is none. Does not block. Event messages
    // without a kernel stamp are passed over until it is clear that none will come.
    bool receive(Channel channel, Datagram& datagram) noexcept;
    // False if the kernel did not take it. Event messages are reported by departure().
    bool send(const Outgoing& outgoing) noexcept;
    // The next departure that is known; one that the kernel is silent about for 100 ms is dropped or, if it
    // always is, given the time of the call. `now_wall_ns`: CLOCK_REALTIME.
    std::optional<Departure> departure(int64_t now_wall_ns) noexcept;
    bool awaits_departure() const noexcept;

  private:
    struct Flight {
        bool under_way = false;
        uint32_t id = 0; // the kernel's count (SOF_TIMESTAMPING_OPT_ID)
        uint32_t token = 0;
        int64_t wall_ns = 0; // when we asked for it
    };

    std::string open_one(Channel channel, const Interface& interface);
    bool arm_stamps(Channel channel) noexcept;
    std::optional<Departure> reported() noexcept;
    std::optional<Departure> overdue(int64_t now_wall_ns) noexcept;

    std::array<int, 2> fds_{-1, -1};
    int interface_index_ = 0;
    int64_t stamped_ns_ = 0; // local time of the last arrival that the kernel stamped, or of open()
    uint32_t next_id_ = 0;
    std::array<Flight, 8> flights_{};
    int unreported_ = 0;
};

} // namespace tutti::aes67::ptp
