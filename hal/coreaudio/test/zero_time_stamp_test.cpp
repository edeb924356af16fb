/// The device's timeline in virtual time: eight hours take a second.
#include "audio_server.hpp"
#include "engine_stand_in.hpp"
#include "host_clock.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <optional>

using namespace tutti::coreaudio::test;

namespace {

constexpr double period = 16384;
#if defined(__SANITIZE_THREAD__)
constexpr int64_t usual_step = 100 * ms; // TSan has nothing to find in one thread, and is slow
#else
constexpr int64_t usual_step = 40 * ms;
#endif

/// A server and an engine on frozen time; checks every stamp against the rules.
class Bench {
  public:
    explicit Bench(double deviation = 0, uint32_t rate = 48000) : rate_(rate) {
        host_clock::freeze(start_ns);
        engine.set_line(start_ns, media_start_ns, deviation);
        engine.make_region(rate, 2, 2);
        server.emplace(AudioServer::Storage{
            {"configuration", "{\"rate\":" + std::to_string(rate) + ",\"inputs\":2,\"outputs\":2}"}});
        REQUIRE(server->wait_for_notice(AudioServer::device, AudioServer::status));
        // The description is announced before the region is used for the first time.
        REQUIRE_EQ(server->start(), 0);
        last_ = server->stamp();
    }
    ~Bench() {
        server.reset();
        host_clock::run();
    }

    /// Lets time pass in steps; the engine publishes, the HAL asks. Every new stamp is checked.
    void pass(int64_t ns, int64_t step, bool engine_alive = true) {
        const int64_t until = host_clock::now_ns() + ns;
        while (host_clock::now_ns() < until) {
            host_clock::advance(step);
            if (engine_alive)
                engine.publish(host_clock::now_ns());
            check(server->stamp());
        }
    }

    /// How far the device is from the media clock, in frames, taking the offset of the beginning for good.
    [[nodiscard]] double distance() const {
        const Stamp stamp = server->stamp();
        const int64_t at = host_clock::to_ns(stamp.host_ticks);
        return static_cast<double>(engine.index_at(at)) - stamp.sample_time;
    }

    /// Reads the frame that is `frames` old by the device's time, and says how old it is by the media
    /// clock's. -1 if it is not in the ring.
    int64_t age_of_frame(int64_t frames) {
        const int64_t now = host_clock::now_ns();
        const Stamp stamp = server->stamp();
        const double sample_now =
            stamp.sample_time + static_cast<double>(now - host_clock::to_ns(stamp.host_ticks)) * 48e-6;
        const int64_t index = engine.index_at(now);
        engine.fill_inputs(index - 4000, index);
        float buffer[2] = {};
        REQUIRE_EQ(server->read(std::floor(sample_now) - static_cast<double>(frames), 1, buffer), 0);
        for (int64_t n = index - 4000; n < index; ++n) {
            if (buffer[0] == test_sample(n, 0) && buffer[1] == test_sample(n, 1))
                return index - n;
        }
        return -1;
    }

    EngineStandIn engine;
    std::optional<AudioServer> server;
    int64_t new_seeds = 0;
    int64_t stamps = 0;
    int64_t skipped = 0;
    double slowest = 0; ///< real over nominal duration of a period
    double fastest = 2;

  private:
    void check(const Stamp& stamp) {
        const int64_t at = host_clock::to_ns(stamp.host_ticks);
        if (at > host_clock::now_ns())
            FAIL("a stamp lies in the future");
        if (std::fmod(stamp.sample_time, period) != 0)
            FAIL("a stamp is no multiple of the period");
        if (stamp.seed != last_.seed) {
            ++new_seeds;
            last_ = stamp;
            return;
        }
        if (stamp.sample_time == last_.sample_time) {
            if (stamp.host_ticks != last_.host_ticks)
                FAIL("a stamp changed within its period");
            return;
        }
        ++stamps;
        const double periods = (stamp.sample_time - last_.sample_time) / period;
        if (periods < 1)
            FAIL("stamps go backwards");
        if (periods > 1)
            ++skipped;
        const double nominal = periods * period / rate_ * 1e9;
        const auto real = static_cast<double>(at - host_clock::to_ns(last_.host_ticks));
        slowest = std::max(slowest, real / nominal);
        fastest = std::min(fastest, real / nominal);
        last_ = stamp;
    }

    double rate_;
    Stamp last_;
};

} // namespace

TEST_CASE(
    "eight hours at +-100 ppm: stamps are consecutive, never in the future, and stay on the media clock") {
    for (const double deviation : {-100e-6, 100e-6}) {
        for (const uint32_t rate : {48000u, 384000u, 44100u}) {
            CAPTURE(deviation);
            CAPTURE(rate);
            Bench bench(deviation, rate);
            bench.pass(second, 5 * ms);
            const double before = bench.distance();
            bench.pass(8 * 3600 * second, rate == 384000 ? 1000 * ms / 30 : usual_step);
            CHECK_EQ(bench.new_seeds, 0);
            CHECK_EQ(bench.skipped, 0);
            CHECK_GT(bench.stamps, 8 * 3600 * static_cast<int64_t>(rate / period) - 10);
            CHECK_LE(std::fabs(bench.distance() - before), 1);
            // A tick is 42 ns and a period 43 ms at the least: about a millionth.
            CHECK_EQ(bench.slowest, doctest::Approx(1 - deviation).epsilon(25e-6));
            CHECK_EQ(bench.fastest, doctest::Approx(1 - deviation).epsilon(25e-6));
        }
    }
}

TEST_CASE("a call that comes late finds the newest stamp, not the next one") {
    Bench bench;
    bench.pass(second, 5 * ms);
    bench.pass(1000 * ms, 1000 * ms); // three periods late
    CHECK_EQ(bench.skipped, 1);
    CHECK_EQ(bench.new_seeds, 0);
    const int64_t late = host_clock::now_ns() - host_clock::to_ns(bench.server->stamp().host_ticks);
    CHECK_LT(late, 342 * ms);
}

TEST_CASE("a machine that slept gets a new seed, and stamps go on") {
    Bench bench;
    bench.pass(second, 5 * ms);
    bench.pass(60 * second, 60 * second);
    CHECK_EQ(bench.new_seeds, 1);
    bench.pass(10 * second, 5 * ms);
    CHECK_EQ(bench.new_seeds, 1);
}

TEST_CASE("a step of the media clock leaves the timeline alone and moves the place in the rings") {
    Bench bench;
    bench.pass(2 * second, 5 * ms);
    const int64_t before = bench.age_of_frame(1000);
    CHECK_LE(std::abs(before - 1000), 1);
    for (const int64_t step : {int64_t{3} * second, int64_t{-40} * ms, int64_t{1} * second + 12345}) {
        CAPTURE(step);
        bench.engine.step(step);
        bench.pass(200 * ms, 5 * ms);
        CHECK_LE(std::abs(bench.age_of_frame(1000) - 1000), 1);
    }
    CHECK_EQ(bench.new_seeds, 0);
    CHECK_EQ(bench.slowest, doctest::Approx(1).epsilon(25e-6));
}

/// As clock sources do it (extensions/aes67, ptp/slewed_line.hpp): what is left is gone to a third in a
/// second, at 100 ppm at most beyond the master's rate. `off` is by how much media time is wrong.
void slew_home(Bench& bench, double off_ns, double rate) {
    constexpr int64_t steer = 100 * ms;
    for (int64_t passed = 0; passed < 20 * second; passed += steer) {
        const double slew = std::clamp(-off_ns / 1e9, -100e-6, 100e-6);
        bench.engine.bend(host_clock::now_ns(), rate + slew);
        bench.pass(steer, 5 * ms);
        off_ns += slew * static_cast<double>(steer);
    }
    CHECK_LT(std::fabs(off_ns), 100);
    bench.engine.bend(host_clock::now_ns(), rate);
}

TEST_CASE("a clock in holdover and on its way back leaves stamps consecutive and in one seed") {
    for (const double learned : {30e-6, -80e-6}) {
        for (const double off_ns : {900e3, -900e3}) {
            CAPTURE(learned);
            CAPTURE(off_ns);
            Bench bench(learned);
            bench.pass(10 * second, 5 * ms);
            const double before = bench.distance();
            // No master: the line runs on at the rate that was learned.
            bench.engine.set_clock_state(TUTTI_CLOCK_HOLDOVER);
            bench.pass(900 * second, usual_step);
            CHECK_LE(std::fabs(bench.distance() - before), 1);
            CHECK_EQ(bench.slowest, doctest::Approx(1 - learned).epsilon(25e-6));
            CHECK_EQ(bench.fastest, doctest::Approx(1 - learned).epsilon(25e-6));
            // It is back, and its rate was another one meanwhile.
            const double rate = learned - off_ns / 900e9;
            bench.engine.set_clock_state(TUTTI_CLOCK_LOCKED);
            slew_home(bench, off_ns, rate);
            bench.pass(60 * second, 5 * ms);
            CHECK_LE(std::fabs(bench.distance() - before), 1);
            CHECK_LE(std::abs(bench.age_of_frame(1000) - 1000), 1);
            CHECK_EQ(bench.new_seeds, 0);
            CHECK_EQ(bench.skipped, 0);
            // The slew, and what the device adds to it to meet the media clock (20 ppm), and a tick.
            CHECK_GE(bench.fastest, 1 - rate - 122e-6);
            CHECK_LE(bench.slowest, 1 - rate + 122e-6);
        }
    }
}

TEST_CASE("a clock that comes back from holdover more than a millisecond off steps, and the stamps do not") {
    Bench bench(30e-6);
    bench.pass(10 * second, 5 * ms);
    bench.engine.set_clock_state(TUTTI_CLOCK_HOLDOVER);
    bench.pass(3600 * second, usual_step);
    bench.engine.set_clock_state(TUTTI_CLOCK_LOCKED);
    bench.engine.step(-7 * ms);
    bench.engine.bend(host_clock::now_ns(), 28e-6);
    bench.pass(60 * second, 5 * ms);
    CHECK_LE(std::abs(bench.age_of_frame(1000) - 1000), 1);
    CHECK_EQ(bench.new_seeds, 0);
    CHECK_EQ(bench.skipped, 0);
    CHECK_EQ(bench.fastest, doctest::Approx(1 - 30e-6).epsilon(25e-6));
    CHECK_EQ(bench.slowest, doctest::Approx(1 - 28e-6).epsilon(25e-6));
}

TEST_CASE("a step of less than a millisecond is slewed away at 20 ppm at most") {
    Bench bench;
    bench.pass(2 * second, 5 * ms);
    const double before = bench.distance();
    bench.engine.step(500'000);
    bench.pass(1 * second, 5 * ms);
    CHECK_GT(bench.distance() - before, 20);
    bench.pass(120 * second, 5 * ms);
    CHECK_LE(std::fabs(bench.distance() - before), 1);
    CHECK_EQ(bench.new_seeds, 0);
    CHECK_GE(bench.fastest, 1 - 21e-6);
}

TEST_CASE("the rate follows the media clock's within 200 ppm, and begins anew beyond") {
    Bench bench;
    bench.pass(2 * second, 5 * ms);
    bench.engine.set_line(host_clock::now_ns(), media_start_ns + 2 * second, 150e-6);
    bench.pass(60 * second, 5 * ms);
    CHECK_EQ(bench.new_seeds, 0);
    CHECK_EQ(bench.fastest, doctest::Approx(1 - 150e-6).epsilon(25e-6));
    bench.engine.set_line(host_clock::now_ns(), media_start_ns + 62 * second, -150e-6);
    bench.pass(10 * second, 5 * ms);
    CHECK_EQ(bench.new_seeds, 1);
}

TEST_CASE(
    "time goes on without an engine, as it went before, and is on the media clock again when one is back") {
    Bench bench(50e-6);
    bench.pass(5 * second, 5 * ms);
    const double before = bench.distance();
    bench.pass(600 * second, 100 * ms, false);
    CHECK_EQ(bench.new_seeds, 0);
    CHECK_EQ(bench.skipped, 0);
    bench.pass(5 * second, 5 * ms);
    CHECK_EQ(bench.new_seeds, 0);
    CHECK_LE(std::fabs(bench.distance() - before), 2);
}

TEST_CASE("the device keeps time before an engine was ever there") {
    host_clock::freeze(start_ns);
    {
        AudioServer server;
        REQUIRE_EQ(server.start(), 0);
        const Stamp first = server.stamp();
        for (int i = 0; i < 1000; ++i) {
            host_clock::advance(10 * ms);
            server.stamp();
        }
        const Stamp last = server.stamp();
        CHECK_EQ(last.seed, first.seed);
        CHECK_EQ(last.sample_time, std::floor(48000.0 * 10 / period) * period);
    }
    host_clock::run();
}

TEST_CASE("IO that pauses finds the same timeline again") {
    Bench bench(80e-6);
    bench.pass(2 * second, 5 * ms);
    const Stamp before = bench.server->stamp();
    bench.server->stop();
    host_clock::advance(3600 * second);
    bench.engine.publish(host_clock::now_ns());
    bench.server->start();
    const Stamp after = bench.server->stamp();
    CHECK_EQ(after.seed, before.seed);
    const double frames = after.sample_time - before.sample_time;
    const auto ns =
        static_cast<double>(host_clock::to_ns(after.host_ticks) - host_clock::to_ns(before.host_ticks));
    CHECK_EQ(frames / ns * 1e9, doctest::Approx(48000 * (1 + 80e-6)).epsilon(1e-7));
}
