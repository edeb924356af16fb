#include "audio_thread.hpp"

#include "holdup_meter.hpp"
#include "realtime.hpp"

#include <csignal>

namespace tutti {
namespace {

/// Touches the stack that a cycle may need, so that no page is first touched in real time.
void prefault_stack() noexcept {
    constexpr std::size_t bytes = 128 * 1024;
    unsigned char stack[bytes];
    for (std::size_t i = 0; i < bytes; i += 4096)
        static_cast<volatile unsigned char*>(stack)[i] = 0;
}

} // namespace

AudioThread::AudioThread(AudioCycle& cycle, Telemetry& telemetry)
    : cycle_(cycle), telemetry_(telemetry.engine()), thread_([this] { run(); }) {
    while (!started_.load(std::memory_order_acquire))
        std::this_thread::yield();
}

AudioThread::~AudioThread() {
    stop_.store(true, std::memory_order_release);
    thread_.join();
}

void AudioThread::run() noexcept {
    sigset_t all; // the carrier's signal handlers are not for real-time threads
    sigfillset(&all);
    // A fault that is blocked kills without a word: crash_report is to say whose it was.
    for (const int fault : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT})
        sigdelset(&all, fault);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
    realtime_.store(become_realtime("tutti-audio"), std::memory_order_release);
    prefault_stack();
    started_.store(true, std::memory_order_release);
    HoldupMeter holdups(telemetry_);
    int64_t due = local_now_ns();
    while (!stop_.load(std::memory_order_acquire)) {
        const int64_t began = local_now_ns();
        holdups.note(began - due, began);
        due = cycle_.run(began);
        const int64_t ended = local_now_ns();
        telemetry_.add(EngineField::busy_ns, static_cast<uint64_t>(ended - began));
        telemetry_.set(EngineField::tick_ns, due - began);
        if (due > ended)
            sleep_until(due);
    }
}

} // namespace tutti
