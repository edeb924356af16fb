#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// The engine's desired state; core/common/src/engine-plan.ts describes every field.
struct ReceiverLegPlan {
    std::string address;
    uint32_t port = 0;
    std::string interface_address;
    std::vector<std::string> sources;
    bool operator==(const ReceiverLegPlan&) const = default;
};

/// A stream channel and a device channel, both from 0.
struct Route {
    uint32_t channel = 0;
    uint32_t device_channel = 0;
    auto operator<=>(const Route&) const = default;
};

/// How a receiver turns RTP timestamps into positions on the timeline.
enum class Timing {
    shared,  ///< the stream shares our media clock: bit-exact
    arrival, ///< anchored on arrival, never resampled: bit-exact between one anchoring and the next
    resample ///< its clock is recovered, its samples are resampled onto our timeline
};

struct ReceiverPlan {
    std::string id;
    std::string codec;
    uint32_t rate = 0;
    uint32_t channels = 0;
    uint32_t payload_type = 0;
    uint32_t link_offset = 0;
    Timing timing = Timing::arrival;
    uint32_t rtp_offset = 0;
    std::vector<ReceiverLegPlan> legs;
    std::vector<Route> routes;

    /// Whether both describe the same stream, whatever its routes and link offset: those change without a
    /// break.
    [[nodiscard]] bool same_stream(const ReceiverPlan& other) const {
        return codec == other.codec && rate == other.rate && channels == other.channels &&
               payload_type == other.payload_type && timing == other.timing &&
               rtp_offset == other.rtp_offset && legs == other.legs;
    }
};

struct SenderLegPlan {
    std::string address;
    uint32_t port = 0;
    std::string interface_address;
    bool operator==(const SenderLegPlan&) const = default;
};

struct SenderPlan {
    std::string id;
    std::string codec;
    uint32_t channels = 0;
    uint32_t frames_per_packet = 0;
    uint32_t payload_type = 0;
    uint32_t rtp_offset = 0;
    uint32_t dscp = 0;
    uint32_t ttl = 0;
    std::vector<SenderLegPlan> legs;
    std::vector<Route> routes;

    [[nodiscard]] bool same_stream(const SenderPlan& other) const {
        return codec == other.codec && channels == other.channels &&
               frames_per_packet == other.frames_per_packet && payload_type == other.payload_type &&
               rtp_offset == other.rtp_offset && dscp == other.dscp && ttl == other.ttl && legs == other.legs;
    }
};

struct DevicePlan {
    std::string name;
    uint32_t rate = 48000;
    uint32_t inputs = 128;
    uint32_t outputs = 128;
    std::vector<std::string> input_names{}; ///< by channel; what is missing or empty has none
    std::vector<std::string> output_names{};
    bool operator==(const DevicePlan&) const = default;
};

struct ClockPlan {
    std::string source;
    std::string options = "{}"; ///< JSON text
    bool operator==(const ClockPlan&) const = default;
};

struct PluginPlan {
    std::string kind;
    std::string id;
    std::string path;
};

struct Plan {
    DevicePlan device;
    ClockPlan clock;
    std::vector<PluginPlan> plugins;
    std::vector<ReceiverPlan> receivers;
    std::vector<SenderPlan> senders;
};

} // namespace tutti
