// Answers Pdelay_Req, for peers that measure their link and would call it broken without an answer.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "ptp/ptp_message.hpp"

namespace tutti::aes67::ptp {

// Two-step, with the turnaround in the correctionField and timestamps of 0 (IEEE 1588-2008 s.11.4.3 (c) 7),
// so that no time of ours is given away as a master's. Bounded: a flood is dropped, not served. Of one
// thread, does not allocate.
class PeerResponder {
  public:
    static constexpr size_t capacity = 4;
    static constexpr int64_t least_gap_ns = 20'000'000; // at most 50 answers a second

    struct Answer {
        Message message;
        bool unicast;     // the request was
        uint32_t address; // of the peer
        uint32_t slot;    // for departed()
    };

    explicit PeerResponder(const ClockIdentity& identity) noexcept : identity_(identity) {}

    // `port`: the number of ours that it came in by. False if it will not be answered.
    bool request(const Header& header, uint32_t address, uint16_t port, int64_t received_ns,
                 int64_t now) noexcept;
    bool has_next() const noexcept;
    std::optional<Answer> next() noexcept;
    // The Pdelay_Resp of `slot` left: its Follow_Up is next.
    void departed(uint32_t slot, int64_t local_ns) noexcept;

  private:
    enum class Step : uint8_t { free, respond, sent, follow_up };
    struct Exchange {
        Step step = Step::free;
        Header request;
        uint32_t address = 0;
        uint16_t port = 1;
        int64_t received_ns = 0;
        int64_t turnaround_ns = 0;
    };
    Header header_for(const Exchange& exchange, uint16_t flags) const noexcept;

    const ClockIdentity identity_;
    std::array<Exchange, capacity> exchanges_{};
    uint32_t next_slot_ = 0;
    int64_t last_ns_ = INT64_MIN / 2;
};

} // namespace tutti::aes67::ptp
