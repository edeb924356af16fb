// What this library takes from the code that clock sources have in common, under names of its own.
#pragma once

#include "clock_pair.hpp"
#include "clock_source.hpp"
#include "kernel_clock.hpp"
#include "option_reader.hpp"
#include "ptp/log_interval.hpp"
#include "ptp/ptp_servo.hpp"
#include "ptp/stamp_clock.hpp"
#include "ptp/udp_port.hpp"
#include "wake_up.hpp"
#include "wall_line.hpp"

namespace tutti::dante_compat {

using aes67::ClockPair;
using aes67::local_now;
using aes67::OptionReader;
using aes67::quoted;
using aes67::read_clock;
using aes67::read_clock_pair;
using aes67::read_tai_pair;
using aes67::source_of;
using aes67::stamp_clock;
using aes67::start_source;
using aes67::StartRefusal;
using aes67::wait_for_any;
using aes67::WakeUp;
using aes67::ptp::clamp_sync_interval;
using aes67::ptp::ControlMessages;
using aes67::ptp::join_group;
using aes67::ptp::log_interval_ns;
using aes67::ptp::open_udp_socket;
using aes67::ptp::port_privilege;
using aes67::ptp::Servo;
using aes67::ptp::set_option;
using aes67::ptp::share_port;
using aes67::ptp::StampClock;
using aes67::ptp::TimePair;

} // namespace tutti::dante_compat
