#pragma once
#include "client/file_descriptor.hpp"

#include "tutti/region.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace tutti::hal::test {

/// What a keeper makes.
struct KeeperOptions {
    std::string path;
    uint32_t rate = 48000;
    uint32_t inputs = 128;
    uint32_t outputs = 128;
    int64_t loop_offset = 12000; ///< frames from an output's index to the input that repeats it
    int64_t floor_lag_ns = 3'000'000;
    double rate_deviation = 0;
};

/**
 * Stands in for the engine: makes a region, runs its clock, advances and clears its windows, and plays every
 * output back into the input of the same number. One thread, which the constructor does not start.
 */
class RegionKeeper {
  public:
    explicit RegionKeeper(const KeeperOptions& options);
    ~RegionKeeper();
    RegionKeeper(const RegionKeeper&) = delete;
    RegionKeeper& operator=(const RegionKeeper&) = delete;

    void start();
    /// As an engine that died: nothing moves any more.
    void stop();
    void retire();
    /// Media time jumps, as at a new grandmaster; returns when the running keeper has published it.
    void step(int64_t ns);
    void unlink_on_exit(bool yes) { unlink_ = yes; }

    [[nodiscard]] tutti_region_header& header() const {
        return *reinterpret_cast<tutti_region_header*>(data_);
    }
    [[nodiscard]] float* input(int64_t index) const;
    [[nodiscard]] float* output(int64_t index) const;
    /// Index that the media clock shows now.
    [[nodiscard]] int64_t now() const;

  private:
    void run();
    void cycle(int64_t local_ns);
    void publish(int64_t local_ns, int64_t media_ns);
    void clear(float* ring, uint32_t channels, int64_t from, int64_t to) const;
    [[nodiscard]] int64_t media_ns(int64_t local_ns) const;

    KeeperOptions options_;
    uint32_t ring_frames_;
    FileDescriptor fd_;
    unsigned char* data_ = nullptr;
    uint64_t bytes_ = 0;
    int64_t base_local_ns_ = 0;
    std::atomic<int64_t> base_media_ns_{0};
    std::atomic<int64_t> pending_step_ns_{0};
    std::atomic<uint64_t> steps_{0};
    std::atomic<bool> running_{false};
    std::thread thread_;
    bool unlink_ = true;
};

} // namespace tutti::hal::test
