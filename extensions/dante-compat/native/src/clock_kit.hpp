// What this library takes from the code that clock sources have in common, under names of its own.
#pragma once

#include "option_reader.hpp"
#include "ptp/log_interval.hpp"
#include "ptp/ptp_servo.hpp"
#include "ptp/stamp_clock.hpp"
#include "wall_line.hpp"

namespace tutti::dante_compat {

using aes67::ClockPair;
using aes67::OptionReader;
using aes67::quoted;
using aes67::ptp::clamp_sync_interval;
using aes67::ptp::log_interval_ns;
using aes67::ptp::Servo;
using aes67::ptp::StampClock;
using aes67::ptp::TimePair;

} // namespace tutti::dante_compat
