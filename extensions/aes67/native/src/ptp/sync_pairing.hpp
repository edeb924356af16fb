// Brings the Sync and Follow_Up of a two-step master together, whichever is read first.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "ptp/lucky_window.hpp"
#include "ptp/ptp_message.hpp"

namespace tutti::aes67::ptp {

// Of one thread, does not allocate. Every message passed in is of the master that is followed.
class SyncPairing {
  public:
    // A pair if the Sync is one-step, or its Follow_Up was there before it.
    std::optional<TimePair> sync(const Header& header, const Sync& sync, int64_t received_ns) noexcept;
    std::optional<TimePair> follow_up(const Header& header, const FollowUp& follow_up) noexcept;
    void clear() noexcept { *this = {}; }

  private:
    struct Half {
        uint16_t sequence;
        int64_t received_ns;   // of a Sync
        int64_t master_ns;     // of a Follow_Up: origin and correction
        int64_t correction_ns; // of a Sync
    };
    static constexpr size_t most_pending = 4;
    using Halves = std::array<std::optional<Half>, most_pending>;

    static std::optional<Half> take(Halves& halves, uint16_t sequence) noexcept;
    bool is_done(uint16_t sequence) const noexcept { return last_ && *last_ == sequence; }

    Halves syncs_;
    Halves follow_ups_;
    std::optional<uint16_t> last_; // sequenceId that was last completed: a doubled Sync is not used again
};

} // namespace tutti::aes67::ptp
