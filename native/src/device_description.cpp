#include "device_description.hpp"

#include <algorithm>
#include <cstring>

namespace tutti {
namespace {

/// Cuts long texts between characters, never inside one.
void put_text(char (&to)[TUTTI_LINK_NAME_BYTES], const std::string& text) {
    std::size_t bytes = std::min(text.size(), sizeof(to) - 1);
    while (bytes > 0 && bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
        --bytes;
    std::memcpy(to, text.data(), bytes);
}

template <std::size_t count>
void put_names(char (&to)[count][TUTTI_LINK_NAME_BYTES], const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < std::min(count, names.size()); ++i)
        put_text(to[i], names[i]);
}

} // namespace

tutti_link_device describe_device(const Plan& plan, uint64_t region_id) {
    tutti_link_device device{};
    device.abi = TUTTI_LINK_ABI;
    device.kind = TUTTI_LINK_DEVICE;
    device.region_id = region_id;
    device.rate = plan.device.rate;
    device.inputs = plan.device.inputs;
    device.outputs = plan.device.outputs;
    device.safety = tutti_link_safety_frames(plan.device.rate);
    // One number for all channels: the longest, so that what a DAW lines up by it is never early.
    for (const ReceiverPlan& receiver : plan.receivers)
        device.input_latency = std::max(device.input_latency, receiver.link_offset);
    for (const SenderPlan& sender : plan.senders)
        device.output_latency = std::max(device.output_latency, sender.frames_per_packet);
    put_text(device.name, plan.device.name);
    put_names(device.input_names, plan.device.input_names);
    put_names(device.output_names, plan.device.output_names);
    return device;
}

} // namespace tutti
