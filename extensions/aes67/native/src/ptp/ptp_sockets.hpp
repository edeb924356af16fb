// Ports 319 and 320 on one interface, with the kernel's timestamps of arrivals and, on Linux, departures.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "ptp/ptp_clock.hpp"
#include "ptp/ptp_interface.hpp"

namespace tutti::aes67::ptp {

// Who took the time of an arrival or a departure.
enum class StampKind : uint8_t {
    hardware, // the network card, by its own clock
    kernel,
    user // the kernel gave none: a reading of ours, worse by the time it took to run us
};

struct Stamp {
    int64_t wall_ns = 0; // of stamp_clock; of a departure that the card stamped, when we asked for it
    StampKind kind = StampKind::user;
    int64_t card_ns = 0; // by the card's clock, if the kind is hardware
};

struct Datagram {
    std::array<uint8_t, 256> bytes; // longer ones are cut: no message that we read is
    size_t length = 0;
    uint32_t source = 0;     // IPv4, network order
    int interface_index = 0; // where it came in
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
    // With `hardware` the card's stamps are asked for beside the kernel's; it must have been switched on.
    std::string open(const Interface& interface, bool hardware);
    // Whose Sync, Follow_Up and Delay_Resp are let in, nobody's before; and whether Delay_Req are.
    void listen_to(const std::optional<ClockIdentity>& master, bool serves) noexcept;
    // Does without the card's stamps from now on.
    void leave_hardware() noexcept;
    void close() noexcept;
    bool is_open() const noexcept { return fds_[0] >= 0; }
    int fd(Channel channel) const noexcept { return fds_[static_cast<size_t>(channel)]; }

    // The next datagram; false if there is none. Does not block. Of several sockets of a port the kernel may
    // choose any for what is unicast: where a datagram came in is what it says itself. Event messages without
    // a kernel stamp are passed over until it is clear that none will come.
    bool receive(Channel channel, Datagram& datagram) noexcept;
    // False if the kernel did not take it. Event messages are reported by departure().
    bool send(const Outgoing& outgoing) noexcept;
    // The next departure that is known; one that nobody has a word about for 100 ms is dropped or, if it is
    // always so, given the time of the call. `now_wall_ns`: of stamp_clock.
    std::optional<Departure> departure(int64_t now_wall_ns) noexcept;
    bool awaits_departure() const noexcept;

    // Messages that listen_to() lets in. The kernel is asked to drop all others where it can be, so that a
    // flood of them does not even wake us (Linux); false if it refuses.
    static bool lets_in(const Datagram& datagram, const std::optional<ClockIdentity>& master,
                        bool serves) noexcept;
    static bool ask_kernel_to_drop_others(int fd, const std::optional<ClockIdentity>& master,
                                          bool serves) noexcept;

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
    bool hardware_ = false;
    std::optional<ClockIdentity> master_;
    bool serves_ = false;
    int64_t stamped_ns_ = 0; // local time of the last arrival that the kernel stamped, or of open()
    uint32_t next_id_ = 0;
    std::array<Flight, 8> flights_{};
    int unreported_ = 0;
};

} // namespace tutti::aes67::ptp
