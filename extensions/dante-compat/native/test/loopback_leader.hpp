// A PTPv1 leader on the loopback interface, of our own: it does what a Dante leader does, but faster.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "v1_message.hpp"

namespace tutti::dante_compat::test {

// Its time is CLOCK_REALTIME + offset_ns. 32 Syncs a second with Follow_Up, and a Delay_Req of a follower now
// and then, until it is destroyed.
class LoopbackLeader {
  public:
    explicit LoopbackLeader(int64_t offset_ns, const char* subdomain = "_DFLT");
    ~LoopbackLeader() { end(); }
    LoopbackLeader(const LoopbackLeader&) = delete;
    LoopbackLeader& operator=(const LoopbackLeader&) = delete;

    void end();
    static PortId id() { return {{0x00, 0x1D, 0xC1, 3, 4, 5}, 1}; }
    const std::string& error() const { return error_; }
    uint64_t sent() const { return sent_; } // datagrams

  private:
    void run();
    void send(uint16_t port, const Header& header, const Body& body);

    const int64_t offset_ns_;
    const char* const subdomain_;
    std::string error_;
    int fd_ = -1;
    std::atomic<bool> ending_{false};
    std::atomic<uint64_t> sent_{0};
    std::thread thread_;
};

} // namespace tutti::dante_compat::test
