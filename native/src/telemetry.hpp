#pragma once
#include "arrival_bins.hpp"
#include "shared_file.hpp"

#include <array>
#include <atomic>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>

namespace tutti {

// Names, in the order of the enums: the host reads them from the engine's welcome, so that only this file
// knows the layout.
inline constexpr std::array engine_fields{"ticks",       "busyNs",     "tickNs",  "heldUpNs",
                                          "heartbeatNs", "clockSteps", "mediaNs", "clockState"};
enum class EngineField {
    ticks,
    busy_ns,
    tick_ns,
    held_up_ns, ///< the longest that a cycle began later than it was due, of the last ten seconds
    heartbeat_ns,
    clock_steps,
    media_ns,
    clock_state
};

inline constexpr std::array receiver_fields{"packets",
                                            "bytes",
                                            "lost",
                                            "late",
                                            "early",
                                            "duplicate",
                                            "reordered",
                                            "malformed",
                                            "wrongPayloadType",
                                            "wrongSource",
                                            "ssrcChanges",
                                            "ssrcConflicts",
                                            "reanchors",
                                            "marginMinNs",
                                            "marginMaxNs",
                                            "lastPacketLocalNs",
                                            "framesPerPacket",
                                            "ssrc",
                                            "lastTimestamp",
                                            "anchored",
                                            "legAPackets",
                                            "legBPackets",
                                            "senderPpb",
                                            "clockErrorNs",
                                            "bufferedNs",
                                            "resamplerNs",
                                            "missingFrames",
                                            "legSkewNs",
                                            "dsdRate",
                                            "dsdWords"};
enum class ReceiverField {
    packets,
    bytes,
    lost,
    late,
    early,
    duplicate,
    reordered,
    malformed,
    wrong_payload_type,
    wrong_source,
    ssrc_changes,
    ssrc_conflicts,
    reanchors,
    margin_min_ns,
    margin_max_ns,
    last_packet_local_ns,
    frames_per_packet,
    ssrc,
    last_timestamp,
    anchored,
    leg_a_packets,
    leg_b_packets,
    sender_ppb,     ///< by how much the sender's clock is faster than ours, 1e-9; of recovered clocks
    clock_error_ns, ///< standard error of the recovered clock
    buffered_ns,    ///< samples that wait to be resampled, without a gap
    resampler_ns,   ///< what the resampler needs to see ahead, part of the link offset
    missing_frames, ///< frames that had not come when they were resampled: silence
    leg_skew_ns,    ///< largest of the last seconds; positive when the second leg is the later one
    dsd_rate,       ///< bits a second of a channel of DSD; 0: PCM
    dsd_words       ///< 1: the inputs carry DSD in words (DoP), not PCM
};

inline constexpr std::array sender_fields{"packets",           "bytes", "skipped", "sendErrors",
                                          "lastPacketLocalNs", "ssrc",  "dsdRate", "dsdWords"};
/// The last two are of the outputs it sends, as of a receiver's inputs.
enum class SenderField {
    packets,
    bytes,
    skipped,
    send_errors,
    last_packet_local_ns,
    ssrc,
    dsd_rate,
    dsd_words
};

static_assert(engine_fields.size() == static_cast<std::size_t>(EngineField::clock_state) + 1);
static_assert(receiver_fields.size() == static_cast<std::size_t>(ReceiverField::dsd_words) + 1);
/// In a receiver's slot the words of the histogram of arrivals stand after room for its fields.
inline constexpr std::size_t arrival_words_at = 32;
static_assert(receiver_fields.size() <= arrival_words_at);
static_assert(sender_fields.size() == static_cast<std::size_t>(SenderField::dsd_words) + 1);

/// The words of one receiver, one sender or the engine. Written by the audio thread alone. [audio]
template <typename Field> class TelemetrySlot {
  public:
    TelemetrySlot() = default;
    explicit TelemetrySlot(uint64_t* words) : words_(words) {}

    void set(Field field, int64_t value) noexcept {
        word(field).store(static_cast<uint64_t>(value), relaxed);
    }
    void add(Field field, uint64_t value = 1) noexcept {
        auto target = word(field);
        target.store(target.load(relaxed) + value, relaxed); // one writer: no locked instruction needed
    }
    [[nodiscard]] uint64_t get(Field field) const noexcept { return word(field).load(relaxed); }

    /// One more in a bin of {@link ArrivalBins}; of receivers.
    void count_arrival(uint32_t bin) noexcept requires std::same_as<Field, ReceiverField> {
        std::atomic_ref<uint64_t> target(words_[arrival_words_at + bin]);
        target.store(target.load(relaxed) + 1, relaxed);
    }

  private:
    static constexpr auto relaxed = std::memory_order_relaxed;
    [[nodiscard]] std::atomic_ref<uint64_t> word(Field field) const noexcept {
        return std::atomic_ref<uint64_t>(words_[static_cast<std::size_t>(field)]);
    }
    uint64_t* words_ = nullptr;
};

/// The telemetry file: where each number lies is what `TelemetryLayout` of core/common/src/engine-protocol.ts
/// says.
class Telemetry {
  public:
    static constexpr uint32_t slots = 128;
    static constexpr uint32_t receiver_stride = 2304; ///< a multiple of 64: slots share no cache line
    static constexpr uint32_t sender_stride = 256;
    static_assert((arrival_words_at + ArrivalBins::count) * sizeof(uint64_t) <= receiver_stride);
    static_assert(sender_fields.size() * sizeof(uint64_t) <= sender_stride);
    static constexpr uint32_t peak_windows = 8;
    static constexpr uint32_t peak_inputs =
        128; ///< places in a window; a smaller device leaves the rest at zero
    static constexpr uint32_t peak_outputs = 128;
    static constexpr uint32_t peak_channels = peak_inputs + peak_outputs;
    static constexpr uint32_t engine_offset = 0;
    static constexpr uint32_t peak_count_offset = 1024;
    static constexpr uint32_t peak_offset = 2048;
    static constexpr uint32_t peak_stride = peak_channels * sizeof(float);
    static constexpr uint32_t receiver_offset = peak_offset + peak_windows * peak_stride;
    static constexpr uint32_t arrival_offset = receiver_offset + arrival_words_at * sizeof(uint64_t);
    static constexpr uint32_t sender_offset = receiver_offset + slots * receiver_stride;
    static constexpr uint32_t total_bytes = sender_offset + slots * sender_stride;

    /// Makes the file anew. [control]
    bool create(const std::string& path, std::string& error);

    /// Keeps it in memory. False if the system does not allow it. [control]
    bool lock_memory() noexcept { return file_.lock_memory(); }

    [[nodiscard]] TelemetrySlot<EngineField> engine() const noexcept;
    /// Slots are zeroed when handed out. [control]
    TelemetrySlot<ReceiverField> receiver(uint32_t slot) noexcept;
    TelemetrySlot<SenderField> sender(uint32_t slot) noexcept;

    /// Publishes one window of linear peaks, inputs then outputs. [audio]
    void publish_peaks(std::span<const float> inputs, std::span<const float> outputs) noexcept;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

  private:
    [[nodiscard]] uint64_t* words(uint32_t offset) const noexcept;
    SharedFile file_;
    std::string path_;
};

} // namespace tutti
