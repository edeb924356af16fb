#pragma once
#include "cycle_context.hpp"
#include "datagrams.hpp"
#include "socket_set.hpp"

#include <array>
#include <cstdint>

namespace tutti {

class Receiver;

/// Where an epoll event leads: one leg of a receiver.
struct ReceiveLeg {
    Receiver* receiver = nullptr;
    uint32_t leg = 0;
    int fd = -1;
};

/// Reads every socket that is readable, many packets a system call, and hands the packets to their receivers.
class PacketDrain {
  public:
    PacketDrain();

    /// `leg` must live until it was removed and one whole cycle has passed. [control]
    bool add(ReceiveLeg& leg);
    void remove(const ReceiveLeg& leg);

    /// [audio]
    void drain(const CycleContext& cycle) noexcept;

  private:
    static constexpr std::size_t batch = 64;
    static constexpr std::size_t buffer_bytes = 2048; ///< longer datagrams are cut, and counted as malformed

    void drain_leg(const ReceiveLeg& leg, const CycleContext& cycle) noexcept;

    SocketSet sockets_;
    ArrivalTimes arrivals_;
    std::array<std::array<uint8_t, buffer_bytes>, batch> buffers_;
    std::array<iovec, batch> vectors_;
    std::array<sockaddr_in, batch> sources_;
    std::array<std::array<std::byte, 64>, batch> controls_;
    std::array<mmsghdr, batch> headers_;
};

} // namespace tutti
