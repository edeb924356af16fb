#pragma once
#include <cstdint>
#include <vector>

namespace tutti {

enum class SourceVerdict { accept, accept_changed, wrong_source, conflict };

/**
 * Which packets belong to the stream (protocols.md 3.2): a filter on addresses if the description gives one,
 * and one SSRC at a time. Another SSRC takes over when the old one was silent for about ten of its packets,
 * or comes from the address that the description names; otherwise it is a second sender on the group and is
 * kept out.
 */
class SourcePolicy {
  public:
    /// @param sources accepted IPv4 addresses in network order; empty accepts any. [control]
    explicit SourcePolicy(std::vector<uint32_t> sources) : sources_(std::move(sources)) {}

    /// @param packet_ns duration of this packet. [audio]
    SourceVerdict add(uint32_t address, uint32_t ssrc, int64_t local_ns, int64_t packet_ns) noexcept;
    void reset() noexcept { started_ = false; }

  private:
    std::vector<uint32_t> sources_;
    bool started_ = false;
    uint32_t ssrc_ = 0;
    uint32_t address_ = 0;
    int64_t last_local_ns_ = 0;
    int64_t packet_ns_ = 0; ///< of the last one that was accepted
};

} // namespace tutti
