#include "session.hpp"

#include "../demand.hpp"
#include "../host_clock.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <thread>

namespace tutti::coreaudio::test {
namespace {

/// How long before its time what is played is written, seconds: this process is no real-time thread of
/// coreaudiod, and a busy machine no Mac. Well within the rings.
constexpr double lead_seconds = 0.2;
constexpr int patience_ms = 10'000;

} // namespace

Session::Session(const Options& options) : options_(options) {
    demand(server_.wait_for_notice(AudioServer::device, AudioServer::status, patience_ms),
           "no engine answers at TUTTI_DEVICE_SOCKET");
    demand(server_.start() == 0, "the driver does not start IO");
    come_to_rate();
    inputs_ = server_.format(AudioServer::input).mChannelsPerFrame;
    outputs_ = server_.format(AudioServer::output).mChannelsPerFrame;
    demand(options.first + options.channels <= std::min(inputs_, outputs_),
           "the device has too few channels");
    safety_ =
        server_.number(AudioServer::device, kAudioDevicePropertySafetyOffset, kAudioObjectPropertyScopeInput);
    device_buffer_.resize(std::size_t{cycle_frames} * std::max(inputs_, outputs_));
    chosen_.resize(std::size_t{cycle_frames} * options.channels);
}

Session::~Session() {
    server_.stop();
}

/// The driver asks for the engine's rate by itself, though not in its first two seconds.
void Session::come_to_rate() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
    while (server_.rate() != options_.rate) {
        demand(std::chrono::steady_clock::now() < until, "the device does not come to the engine's rate");
        if (!server_.wait_for_request(100))
            continue;
        server_.stop();
        server_.perform();
        demand(server_.start() == 0, "the driver does not start IO after a change");
    }
}

void Session::run() {
    bool playing = options_.plays;
    const double begin = now();
    // What was played last is heard when its time has come.
    double heard_until = begin;
    double end = begin + options_.seconds * options_.rate;
    for (double cycle = begin; cycle < end; cycle += cycle_frames) {
        wait_until(cycle + cycle_frames + safety_);
        if (options_.records)
            record(cycle);
        if (playing) {
            const double at = cycle + cycle_frames + lead_seconds * options_.rate;
            playing = play(at);
            heard_until = at + cycle_frames;
            if (!playing && !options_.records)
                end = heard_until;
        }
    }
    wait_until(heard_until);
}

void Session::record(double at) {
    demand(server_.read(at, cycle_frames, device_buffer_.data()) == 0, "the driver does not read");
    for (uint32_t i = 0; i < cycle_frames; ++i) {
        std::copy_n(&device_buffer_[std::size_t{i} * inputs_ + options_.first], options_.channels,
                    &chosen_[std::size_t{i} * options_.channels]);
    }
    demand(std::fwrite(chosen_.data(), sizeof(float), chosen_.size(), stdout) == chosen_.size(),
           "standard output is closed");
}

bool Session::play(double at) {
    std::fill(chosen_.begin(), chosen_.end(), 0.0F);
    const std::size_t got = std::fread(chosen_.data(), sizeof(float), chosen_.size(), stdin);
    std::fill(device_buffer_.begin(), device_buffer_.end(), 0.0F);
    for (uint32_t i = 0; i < cycle_frames; ++i) {
        std::copy_n(&chosen_[std::size_t{i} * options_.channels], options_.channels,
                    &device_buffer_[std::size_t{i} * outputs_ + options_.first]);
    }
    demand(server_.write(at, cycle_frames, device_buffer_.data()) == 0, "the driver does not write");
    return got == chosen_.size();
}

double Session::now() const {
    const Stamp stamp = server_.stamp();
    const auto since_ns = static_cast<double>(host_clock::now_ns() - host_clock::to_ns(stamp.host_ticks));
    return std::floor(stamp.sample_time + since_ns * options_.rate / 1e9);
}

void Session::wait_until(double sample_time) const {
    for (double left = sample_time - now(); left > 0; left = sample_time - now())
        std::this_thread::sleep_for(std::chrono::duration<double>(left / options_.rate));
}

std::string Session::status() const {
    return server_.text(AudioServer::device, AudioServer::status);
}

} // namespace tutti::coreaudio::test
