#pragma once
#include "datagrams.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace tutti {

class Sender;

/// Collects the packets of one cycle and hands them to the kernel many at a time. Belongs to the audio
/// thread. [audio]
class SendBatch {
  public:
    static constexpr std::size_t packet_bytes = 1472; ///< an Ethernet frame without IP and UDP headers
    static constexpr std::size_t max_packets = 128;
    static constexpr std::size_t max_messages = 2 * max_packets; ///< two legs each

    /// Memory for one packet; flushes first if none is left. Valid until the next flush.
    uint8_t* begin_packet() noexcept;
    /// Queues the packet begun last to one destination.
    void add(Sender& sender, int fd, const sockaddr_in& destination, std::size_t bytes) noexcept;
    void flush() noexcept;

  private:
    struct Message {
        Sender* sender;
        int fd;
        iovec data;
    };
    alignas(64) std::array<std::array<uint8_t, packet_bytes>, max_packets> packets_;
    std::array<Message, max_messages> messages_;
    std::array<mmsghdr, max_messages> headers_;
    std::size_t packet_count_ = 0;
    std::size_t message_count_ = 0;
};

} // namespace tutti
