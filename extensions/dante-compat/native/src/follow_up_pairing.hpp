// Brings the Sync and the Follow_Up of one leader together, whichever is read first: they come in on two
// sockets.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "clock_kit.hpp"

namespace tutti::dante_compat {

// Of one thread, does not allocate. Every message passed in is of the leader that is followed.
class FollowUpPairing {
  public:
    // A Sync that no Follow_Up comes after. Nothing if it was seen before.
    std::optional<TimePair> sync(uint16_t sequence, int64_t received_ns, int64_t origin_ns) noexcept;
    // One that waits for its Follow_Up. A pair if that was there before it.
    std::optional<TimePair> two_step_sync(uint16_t sequence, int64_t received_ns) noexcept;
    std::optional<TimePair> follow_up(uint16_t sequence, int64_t origin_ns) noexcept;
    void clear() noexcept { *this = {}; }

  private:
    struct Half {
        uint16_t sequence;
        int64_t ns; // local arrival of a Sync, the leader's time in a Follow_Up
    };
    static constexpr size_t most_pending = 4;
    using Halves = std::array<std::optional<Half>, most_pending>;

    static std::optional<int64_t> take(Halves& halves, uint16_t sequence) noexcept;
    bool is_done(uint16_t sequence) const noexcept { return last_ == sequence; }

    Halves syncs_;
    Halves follow_ups_;
    std::optional<uint16_t> last_; // that was completed: a doubled Sync is not used again
};

} // namespace tutti::dante_compat
