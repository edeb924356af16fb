#include "plan_check.hpp"

#include "resampled_playout.hpp"

#include "tutti/region.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace tutti {
namespace {

constexpr std::array<uint32_t, 8> device_rates{44100, 48000, 88200, 96000, 176400, 192000, 352800, 384000};
constexpr uint32_t max_stream_channels = 128;
constexpr uint32_t max_frames = 1440;
constexpr uint32_t least_rate = 8000;
constexpr uint32_t most_rate = 768'000; ///< beyond what a device does: DSD256 as DoP, to be converted

Problem invalid(std::string field, std::string message, std::string fix = {}) {
    return {"invalid", std::move(field), std::move(message), std::move(fix)};
}

/// Destination of a stream: not loopback, any, broadcast or link-local multicast (protocols.md section 16).
std::optional<std::string> refuse_destination(const std::string& text) {
    in_addr address{};
    if (inet_pton(AF_INET, text.c_str(), &address) != 1)
        return "is not an IPv4 address";
    const uint32_t value = ntohl(address.s_addr);
    if (value == 0)
        return "is no address of a stream";
    if (value == 0xFFFFFFFFu)
        return "is the broadcast address";
    if ((value >> 24) == 127)
        return "is a loopback address";
    if ((value >> 8) == 0xE00000)
        return "is link-local multicast (224.0.0.0/24)";
    return std::nullopt;
}

template <typename Leg> std::optional<Problem> check_legs(const std::vector<Leg>& legs) {
    if (legs.empty() || legs.size() > 2)
        return invalid("legs", "a stream has one or two legs");
    for (std::size_t i = 0; i < legs.size(); ++i) {
        const std::string field = "legs[" + std::to_string(i) + "]";
        if (const auto reason = refuse_destination(legs[i].address)) {
            return invalid(field + ".address", "'" + legs[i].address + "' " + *reason,
                           "use a group from 239.0.0.0/8 or a unicast address");
        }
        if (legs[i].port < 1 || legs[i].port > 65535)
            return invalid(field + ".port", "a port is 1 to 65535");
        in_addr address{};
        if (inet_pton(AF_INET, legs[i].interface_address.c_str(), &address) != 1) {
            return invalid(field + ".interface",
                           "'" + legs[i].interface_address + "' is not an IPv4 address");
        }
    }
    return std::nullopt;
}

std::optional<Problem> check_stream(uint32_t channels, uint32_t payload_type) {
    if (channels < 1 || channels > max_stream_channels)
        return invalid("channels", "a stream has 1 to 128 channels");
    if (payload_type > 127)
        return invalid("payloadType", "a payload type is 0 to 127");
    return std::nullopt;
}

std::optional<Problem> check_routes(const std::vector<Route>& routes, uint32_t channels,
                                    uint32_t device_channels, const char* device_side) {
    for (std::size_t i = 0; i < routes.size(); ++i) {
        const std::string field = "routes[" + std::to_string(i) + "]";
        if (routes[i].channel >= channels) {
            return invalid(field, "the stream has no channel " + std::to_string(routes[i].channel + 1) +
                                      ", only " + std::to_string(channels));
        }
        if (routes[i].device_channel >= device_channels) {
            return invalid(field, std::string("the device has no ") + device_side + " " +
                                      std::to_string(routes[i].device_channel + 1) + ", only " +
                                      std::to_string(device_channels));
        }
    }
    return std::nullopt;
}

std::optional<Problem> check_receiver(const ReceiverPlan& receiver, const DevicePlan& device) {
    if (auto problem = check_stream(receiver.channels, receiver.payload_type))
        return problem;
    if (auto problem = check_legs(receiver.legs))
        return problem;
    if (receiver.rate < least_rate || receiver.rate > most_rate)
        return invalid("rate", "a stream runs at 8000 to 768000 Hz");
    if (receiver.rate > device.rate * Resampler::max_step) {
        return invalid("rate",
                       "a stream runs at no more than " + std::to_string(Resampler::max_step) +
                           " times the device's rate",
                       "set the device to a higher rate");
    }
    if (receiver.rate != device.rate && receiver.timing != Timing::resample) {
        return Problem{"unsupported", "rate",
                       "the stream runs at " + std::to_string(receiver.rate) + " Hz, the device at " +
                           std::to_string(device.rate) + " Hz, and it is not resampled",
                       "resample the stream, or set the device to its rate"};
    }
    if (receiver.timing == Timing::resample) {
        const uint32_t least = ResampledPlayout::least_link_offset(receiver.rate, device.rate);
        if (receiver.link_offset < least) {
            return invalid("linkOffset",
                           "a stream that is resampled needs a link offset of at least " +
                               std::to_string(least) + " frames, and its packet time on top",
                           "lengthen the link offset, or do not resample");
        }
    }
    if (receiver.link_offset < 1 || receiver.link_offset > max_link_offset(device.rate)) {
        return invalid("linkOffset", "the link offset must be 1 to " +
                                         std::to_string(max_link_offset(device.rate)) +
                                         " frames at this rate");
    }
    return check_routes(receiver.routes, receiver.channels, device.inputs, "input");
}

std::optional<Problem> check_sender(const SenderPlan& sender, const DevicePlan& device) {
    if (auto problem = check_stream(sender.channels, sender.payload_type))
        return problem;
    if (auto problem = check_legs(sender.legs))
        return problem;
    if (sender.frames_per_packet < 1 || sender.frames_per_packet > max_frames) {
        return invalid("framesPerPacket", "a packet has 1 to 1440 frames");
    }
    if (sender.dscp > 63)
        return invalid("dscp", "a DSCP is 0 to 63");
    if (sender.ttl < 1 || sender.ttl > 255)
        return invalid("ttl", "a TTL is 1 to 255");
    std::set<uint32_t> taken;
    for (const Route& route : sender.routes) {
        if (!taken.insert(route.channel).second) {
            return Problem{"conflict", "routes",
                           "channel " + std::to_string(route.channel + 1) + " of the stream has two outputs",
                           ""};
        }
    }
    return check_routes(sender.routes, sender.channels, device.outputs, "output");
}

} // namespace

uint32_t max_link_offset(uint32_t rate) {
    // 1440 frames is the longest packet; 10 ms is room for a late cycle.
    return tutti_region_ring_frames(rate) / 2 - max_frames - rate / 100;
}

std::optional<Problem> check_device(const DevicePlan& device) {
    if (std::find(device_rates.begin(), device_rates.end(), device.rate) == device_rates.end()) {
        return invalid("device.rate", "the device cannot run at " + std::to_string(device.rate) + " Hz",
                       "use 44100, 48000, 88200, 96000, 176400, 192000, 352800 or 384000");
    }
    if (device.inputs < 1 || device.inputs > TUTTI_REGION_MAX_CHANNELS) {
        return invalid("device.inputs", "the device has 1 to 128 inputs");
    }
    if (device.outputs < 1 || device.outputs > TUTTI_REGION_MAX_CHANNELS) {
        return invalid("device.outputs", "the device has 1 to 128 outputs");
    }
    return std::nullopt;
}

std::vector<PlanProblem> check_plan(const Plan& plan) {
    std::vector<PlanProblem> problems;
    std::set<std::string> ids;
    std::set<uint32_t> inputs;
    const auto unique = [&](const std::string& id) { return !id.empty() && ids.insert(id).second; };
    if (auto problem = check_device(plan.device))
        problems.push_back({"device", *problem});
    for (const ReceiverPlan& receiver : plan.receivers) {
        auto problem = check_receiver(receiver, plan.device);
        if (!unique(receiver.id))
            problem = Problem{"conflict", "id", "the id is empty or used twice", ""};
        for (const Route& route : receiver.routes) {
            if (!problem && !inputs.insert(route.device_channel).second) {
                problem = Problem{"conflict", "routes",
                                  "input " + std::to_string(route.device_channel + 1) + " is taken already",
                                  "clear its route or choose another input"};
            }
        }
        if (problem)
            problems.push_back({receiver.id, *problem});
    }
    for (const SenderPlan& sender : plan.senders) {
        auto problem = check_sender(sender, plan.device);
        if (!unique(sender.id))
            problem = Problem{"conflict", "id", "the id is empty or used twice", ""};
        if (problem)
            problems.push_back({sender.id, *problem});
    }
    return problems;
}

} // namespace tutti
