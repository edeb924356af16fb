#include "io_bench.hpp"

#include "../audio_server.hpp"
#include "../demand.hpp"
#include "../engine_stand_in.hpp"
#include "../host_clock.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

namespace tutti::coreaudio::test {
namespace {

constexpr uint32_t channels = 128;
constexpr uint32_t frames = 512;

double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// Time that only the benchmark lets pass.
struct OwnClock {
    OwnClock() { host_clock::freeze(start_ns); }
    ~OwnClock() { host_clock::run(); }
};

class IoBench {
  public:
    explicit IoBench(uint32_t rate)
        : rate_(rate), ring_frames_(tutti_region_ring_frames(rate)), buffer_(std::size_t{frames} * channels),
          server_(AudioServer::Storage{{"configuration", configuration(rate)}}) {
        engine_.set_line(host_clock::now_ns(), media_start_ns, 0);
        engine_.make_region(rate, channels, channels);
        demand(server_.wait_for_notice(AudioServer::device, AudioServer::status),
               "the driver does not connect");
        demand(server_.start() == 0, "the driver does not start IO");
    }
    ~IoBench() { server_.stop(); }
    IoBench(const IoBench&) = delete;
    IoBench& operator=(const IoBench&) = delete;

    IoCost run(double seconds) {
        const auto cycles = static_cast<int64_t>(seconds * rate_ / frames);
        IoCost cost{channels, frames, 0, 0};
        for (int64_t i = 0; i < cycles; ++i) {
            host_clock::advance(static_cast<int64_t>(frames) * second / rate_);
            engine_.publish(host_clock::now_ns());
            // Who comes second finds the buffer in the cache: they take turns.
            if (i % 2 == 0)
                cost.driver += of([&] { io_by_driver(); });
            cost.copy += of([&] { io_by_memcpy(); });
            if (i % 2 != 0)
                cost.driver += of([&] { io_by_driver(); });
        }
        const double audio_seconds = static_cast<double>(cycles) * frames / rate_;
        cost.driver /= audio_seconds;
        cost.copy /= audio_seconds;
        demand(server_.text(AudioServer::device, AudioServer::status)
                       .find("\"inputMissing\":0,\"outputDropped\":0") != std::string::npos,
               "the driver left samples out, which costs less");
        return cost;
    }

  private:
    static std::string configuration(uint32_t rate) {
        return "{\"rate\":" + std::to_string(rate) + ",\"inputs\":128,\"outputs\":128}";
    }

    template <typename Work> static double of(Work work) {
        const double before = cpu_seconds();
        work();
        return cpu_seconds() - before;
    }

    void io_by_driver() {
        const Stamp stamp = server_.stamp();
        const auto since_ns = static_cast<double>(host_clock::now_ns() - host_clock::to_ns(stamp.host_ticks));
        const double now = std::floor(stamp.sample_time + since_ns * rate_ / 1e9);
        const double safety = tutti_link_safety_frames(rate_);
        server_.read(now - frames - safety, frames, buffer_.data());
        server_.write(now + safety, frames, buffer_.data());
    }

    /// In the same rings, half a ring away: as far from the cache as what the driver touches, and as aligned.
    void io_by_memcpy() {
        const int64_t opposite = engine_.index_at(host_clock::now_ns()) + ring_frames_ / 2;
        const int64_t safety = tutti_link_safety_frames(rate_);
        float* buffer = buffer_.data();
        in_parts(opposite - frames - safety, [&](int64_t index, int64_t done, std::size_t bytes) {
            std::memcpy(buffer + done * channels, engine_.input(index), bytes);
        });
        in_parts(opposite + safety, [&](int64_t index, int64_t done, std::size_t bytes) {
            std::memcpy(engine_.output(index), buffer + done * channels, bytes);
        });
    }

    /// A cycle is in one piece unless the ring ends within it.
    template <typename Copy> void in_parts(int64_t begin, Copy copy) const {
        for (int64_t done = 0; done < frames;) {
            const int64_t part = std::min(frames - done, ring_frames_ - (begin + done) % ring_frames_);
            copy(begin + done, done, static_cast<std::size_t>(part) * channels * sizeof(float));
            done += part;
        }
    }

    const uint32_t rate_;
    const int64_t ring_frames_;
    std::vector<float> buffer_;
    EngineStandIn engine_;
    AudioServer server_;
};

} // namespace

IoCost measure_io(uint32_t rate, double seconds) {
    const OwnClock clock;
    IoBench bench(rate);
    bench.run(seconds / 10); // every page of the rings was there before
    return bench.run(seconds);
}

} // namespace tutti::coreaudio::test
