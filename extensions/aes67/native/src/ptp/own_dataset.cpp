#include "ptp/own_dataset.hpp"

namespace tutti::aes67::ptp {
namespace {

constexpr uint8_t default_class = 248;     // neither locked to a reference nor in holdover of one (table 5)
constexpr uint8_t unknown_accuracy = 0xFE; // table 6
constexpr uint16_t unknown_variance = 0xFFFF; // not computed (s.7.6.3.3)
constexpr uint8_t internal_oscillator = 0xA0; // table 7

} // namespace

OwnDataset::OwnDataset(const ClockIdentity& identity, const GrandmasterConfig& config) noexcept
    : flags_(config.time.flags & TimeProperties::known_flags) {
    announce_.utc_offset_s = config.time.utc_offset_s;
    announce_.priority1 = config.priority1;
    announce_.clock_class = default_class;
    announce_.accuracy = unknown_accuracy;
    announce_.variance = unknown_variance;
    announce_.priority2 = config.priority2;
    announce_.grandmaster = identity;
    announce_.time_source = internal_oscillator;
}

void OwnDataset::inherit(const Announce& followed, uint16_t flags) noexcept {
    announce_.utc_offset_s = followed.utc_offset_s;
    flags_ = flags & TimeProperties::known_flags;
}

} // namespace tutti::aes67::ptp
