#include "telemetry.hpp"

#include <algorithm>
#include <cstring>

namespace tutti {

bool Telemetry::create(const std::string& path, std::string& error) {
    path_ = path;
    return file_.create(path, total_bytes, error);
}

uint64_t* Telemetry::words(uint32_t offset) const noexcept {
    return reinterpret_cast<uint64_t*>(file_.data() + offset);
}

TelemetrySlot<EngineField> Telemetry::engine() const noexcept {
    return TelemetrySlot<EngineField>(words(engine_offset));
}

TelemetrySlot<ReceiverField> Telemetry::receiver(uint32_t slot) noexcept {
    uint64_t* begin = words(receiver_offset + slot * receiver_stride);
    std::memset(begin, 0, receiver_stride);
    return TelemetrySlot<ReceiverField>(begin);
}

TelemetrySlot<SenderField> Telemetry::sender(uint32_t slot) noexcept {
    uint64_t* begin = words(sender_offset + slot * sender_stride);
    std::memset(begin, 0, sender_stride);
    return TelemetrySlot<SenderField>(begin);
}

void Telemetry::publish_peaks(std::span<const float> inputs, std::span<const float> outputs) noexcept {
    std::atomic_ref<uint64_t> count(*words(peak_count_offset));
    const uint64_t window = count.load(std::memory_order_relaxed);
    auto* peaks = reinterpret_cast<float*>(file_.data() + peak_offset + window % peak_windows * peak_stride);
    std::copy(inputs.begin(), inputs.end(), peaks);
    std::copy(outputs.begin(), outputs.end(), peaks + peak_inputs);
    count.store(window + 1, std::memory_order_release);
}

} // namespace tutti
