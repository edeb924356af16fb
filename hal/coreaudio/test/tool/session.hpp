#pragma once
#include "../audio_server.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tutti::coreaudio::test {

/**
 * One application of the device on the machine's clock, cycle by cycle as the HAL does it: what was heard
 * until now, then what is to be played a little later.
 */
class Session {
  public:
    struct Options {
        double rate = 0;
        double seconds = 10;
        uint32_t first = 0; ///< channel, from 0
        uint32_t channels = 128;
        bool plays = false;
        bool records = false;
    };

    /// Returns when the device has the wanted rate and IO runs. Throws if no engine answers, or if the driver
    /// does not come to that rate.
    explicit Session(const Options& options);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void run();
    /// The driver's own account of itself, JSON.
    [[nodiscard]] std::string status() const;

  private:
    static constexpr uint32_t cycle_frames = 512;

    void come_to_rate();
    void record(double at);
    /// False at the end of standard input.
    bool play(double at);
    /// The device's sample time now.
    [[nodiscard]] double now() const;
    void wait_until(double sample_time) const;

    Options options_;
    AudioServer server_;
    uint32_t inputs_ = 0; ///< channels of the device
    uint32_t outputs_ = 0;
    double safety_ = 0; ///< frames
    std::vector<float> device_buffer_;
    std::vector<float> chosen_;
};

} // namespace tutti::coreaudio::test
