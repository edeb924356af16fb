#include "device_region.hpp"
#include "scratch_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace tutti;

namespace device_region_test {

namespace {

const tutti_region_header& header_of(const SharedFile& file) {
    return *reinterpret_cast<const tutti_region_header*>(file.data());
}

SharedFile map(const std::string& path, const DevicePlan& device) {
    SharedFile file;
    std::string error;
    const uint32_t frames = tutti_region_ring_frames(device.rate);
    REQUIRE_MESSAGE(file.open(path, tutti_region_bytes(device.inputs, device.outputs, frames), error), error);
    return file;
}

/// What a driver reads before it maps a region: it must fit its file at any time.
bool is_whole(const std::string& path) {
    const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    tutti_region_header h{};
    return fd && fstat(fd.get(), &status) == 0 && pread(fd.get(), &h, sizeof(h), 0) == sizeof(h) &&
           h.magic == TUTTI_REGION_MAGIC && h.abi == TUTTI_REGION_ABI &&
           h.header_bytes == TUTTI_REGION_HEADER_BYTES &&
           (h.state == TUTTI_REGION_LIVE || h.state == TUTTI_REGION_RETIRED) &&
           static_cast<uint64_t>(status.st_size) == tutti_region_bytes(h.inputs, h.outputs, h.ring_frames);
}

} // namespace

TEST_CASE("a new engine adopts the region of the one before, samples and timeline included") {
    const test::ScratchFile file("adopt");
    const DevicePlan device{"x", 48000, 4, 4};
    std::string error;
    {
        const auto region = DeviceRegion::open(file.path(), device, error);
        REQUIRE(region != nullptr);
        region->restart(1'000'000);
        region->publish_clock({5, 1'000'000'000, 0, 48000}, 3, 5);
        region->input_frame(1'000'100)[2] = 0.5f;
    }
    const auto region = DeviceRegion::open(file.path(), device, error);
    REQUIRE(region != nullptr);
    CHECK_EQ(region->input_horizon(), 1'000'000 + region->ring_frames() / 2);
    CHECK_EQ(region->input_frame(1'000'100)[2], 0.5f);
    CHECK(region->continues({1'000'000'005, 2'000'000'000, 0, 48000}, 1000));
    CHECK_FALSE(region->continues({1'000'000'005, 2'100'000'000, 0, 48000}, 1000));
}

TEST_CASE("another geometry makes a new region and retires the old one for those who still have it mapped") {
    const test::ScratchFile file("retire");
    std::string error;
    const DevicePlan slow{"x", 48000, 4, 4};
    const auto old = DeviceRegion::open(file.path(), slow, error);
    const SharedFile driver = map(file.path(), slow);
    const auto fresh = DeviceRegion::open(file.path(), {"x", 96000, 4, 4}, error);
    REQUIRE(fresh != nullptr);
    CHECK_EQ(header_of(driver).state, TUTTI_REGION_RETIRED);
    CHECK_EQ(header_of(map(file.path(), {"x", 96000, 4, 4})).rate, 96000);
}

TEST_CASE("a driver that opens the region while it is replaced finds the old one or all of the new one") {
    const test::ScratchFile file("replaced");
    std::string error;
    auto region = DeviceRegion::open(file.path(), {"x", 48000, 64, 64}, error);
    REQUIRE_MESSAGE(region != nullptr, error);
    std::atomic<bool> stop = false;
    std::atomic<int> looks = 0;
    std::atomic<int> unfinished = 0;
    std::thread driver([&] {
        while (!stop) {
            if (!is_whole(file.path()))
                ++unfinished;
            ++looks;
        }
    });
    for (int i = 0; i < 20; ++i) {
        const uint32_t channels = i % 2 == 0 ? 32 : 64;
        region = DeviceRegion::open(file.path(), {"x", 48000, channels, channels}, error);
        CHECK_MESSAGE(region != nullptr, error);
        for (const int before = looks; looks == before;)
            std::this_thread::yield();
    }
    stop = true;
    driver.join();
    CHECK_EQ(unfinished, 0);
}

TEST_CASE("what is ahead of the horizon is cleared before it becomes readable, across the ring's end") {
    const test::ScratchFile file("clear");
    std::string error;
    const auto region = DeviceRegion::open(file.path(), {"x", 48000, 2, 2}, error);
    REQUIRE(region != nullptr);
    int64_t now = 1'000'000;
    region->restart(now);
    for (int cycle = 0; cycle < 400; ++cycle, now += 777) {
        for (int64_t n = now; n < now + 777; ++n)
            region->input_frame(n)[0] = 1.0f;
        const int64_t before = region->input_horizon();
        region->advance_input_horizon(now + region->ring_frames() / 2);
        for (int64_t n = before; n < region->input_horizon(); ++n)
            REQUIRE_EQ(region->input_frame(n)[0], 0.0f);
    }
}

TEST_CASE("a link, a file of others or a file others can write is never opened") {
    const test::ScratchFile target("target");
    const test::ScratchFile link("link");
    std::string error;
    SharedFile file;
    REQUIRE(file.create(target.path(), 4096, error));
    REQUIRE_EQ(symlink(target.path().c_str(), link.path().c_str()), 0);
    SharedFile other;
    CHECK_FALSE(other.open(link.path(), 4096, error));
    CHECK_FALSE(other.open(target.path(), 8192, error));
    chmod(target.path().c_str(), 0666);
    CHECK_FALSE(other.open(target.path(), 4096, error));
    chmod(target.path().c_str(), 0600);
    CHECK(other.open(target.path(), 4096, error));
}

} // namespace device_region_test
