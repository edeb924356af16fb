#include "region_keeper.hpp"

#include "client/local_time.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace tutti::hal::test {
namespace {

constexpr int64_t cycle_ns = 1'000'000;

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::abort();
}

} // namespace

RegionKeeper::RegionKeeper(const KeeperOptions& options)
    : options_(options), ring_frames_(tutti_region_ring_frames(options.rate)) {
    const std::string fresh = options.path + ".new";
    unlink(fresh.c_str());
    fd_ = FileDescriptor(open(fresh.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    bytes_ = tutti_region_bytes(options.inputs, options.outputs, ring_frames_);
    if (!fd_ || posix_fallocate(fd_.get(), 0, static_cast<off_t>(bytes_)) != 0)
        die(fresh.c_str());
    void* address = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
    if (address == MAP_FAILED)
        die("mmap");
    data_ = static_cast<unsigned char*>(address);

    tutti_region_header& h = header();
    h.magic = TUTTI_REGION_MAGIC;
    h.abi = TUTTI_REGION_ABI;
    h.header_bytes = TUTTI_REGION_HEADER_BYTES;
    h.state = TUTTI_REGION_LIVE;
    h.rate = options.rate;
    h.inputs = options.inputs;
    h.outputs = options.outputs;
    h.ring_frames = ring_frames_;
    timespec real{};
    clock_gettime(CLOCK_REALTIME, &real);
    base_local_ns_ = local_now_ns();
    base_media_ns_ = static_cast<int64_t>(real.tv_sec) * ns_per_second + real.tv_nsec;
    h.output_floor = now();
    h.input_horizon = now();
    publish(base_local_ns_, base_media_ns_);

    struct flock alive {};
    alive.l_type = F_WRLCK;
    alive.l_start = TUTTI_LOCK_ENGINE;
    alive.l_len = 1;
    fcntl(fd_.get(), F_OFD_SETLK, &alive);
    if (rename(fresh.c_str(), options.path.c_str()) != 0)
        die("rename");
}

RegionKeeper::~RegionKeeper() {
    stop();
    munmap(data_, bytes_);
    if (unlink_)
        unlink(options_.path.c_str());
}

void RegionKeeper::start() {
    running_ = true;
    thread_ = std::thread([this] { run(); });
    const sched_param priority{10};
    pthread_setschedparam(thread_.native_handle(), SCHED_FIFO, &priority); // if we may
}

void RegionKeeper::stop() {
    running_ = false;
    if (thread_.joinable())
        thread_.join();
}

void RegionKeeper::retire() {
    __atomic_store_n(&header().state, static_cast<uint32_t>(TUTTI_REGION_RETIRED), __ATOMIC_RELEASE);
}

void RegionKeeper::step(int64_t ns) {
    const uint64_t before = steps_;
    pending_step_ns_ = ns;
    while (steps_ == before)
        std::this_thread::yield();
}

void RegionKeeper::run() {
    int64_t next = local_now_ns();
    while (running_) {
        const int64_t local = local_now_ns();
        cycle(local);
        next = std::max(next + cycle_ns, local);
        const timespec wake{next / ns_per_second, next % ns_per_second};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, nullptr);
    }
}

void RegionKeeper::cycle(int64_t local_ns) {
    tutti_region_header& h = header();
    bool stepped = false;
    if (const int64_t step = pending_step_ns_.exchange(0); step != 0) {
        stepped = true;
        base_media_ns_ += step;
        const int64_t index = tutti_media_index(media_ns(local_ns), options_.rate);
        clear(input(0), options_.inputs, 0, ring_frames_);
        clear(output(0), options_.outputs, 0, ring_frames_);
        __atomic_store_n(&h.output_floor, index, __ATOMIC_RELEASE);
        __atomic_store_n(&h.input_horizon, index, __ATOMIC_RELEASE);
        __atomic_store_n(&h.clock.generation, h.clock.generation + 1, __ATOMIC_RELEASE);
    }
    const int64_t media = media_ns(local_ns);
    const int64_t index = tutti_media_index(media, options_.rate);
    const int64_t horizon = std::max<int64_t>(h.input_horizon, index + ring_frames_ / 2);
    clear(input(0), options_.inputs, h.input_horizon, horizon);
    __atomic_store_n(&h.input_horizon, horizon, __ATOMIC_RELEASE);

    const int64_t floor =
        std::max(h.output_floor, tutti_media_index(media - options_.floor_lag_ns, options_.rate));
    const uint32_t channels = std::min(options_.inputs, options_.outputs);
    for (int64_t n = h.output_floor; n < floor; ++n) {
        std::memcpy(input(n + options_.loop_offset), output(n), channels * sizeof(float));
    }
    clear(output(0), options_.outputs, h.output_floor, floor);
    __atomic_store_n(&h.output_floor, floor, __ATOMIC_RELEASE);
    publish(local_ns, media);
    __atomic_store_n(&h.heartbeat, static_cast<uint64_t>(local_ns), __ATOMIC_RELEASE);
    if (stepped)
        ++steps_;
}

void RegionKeeper::publish(int64_t local_ns, int64_t media_ns) {
    tutti_region_clock& clock = header().clock;
    const uint32_t sequence = clock.sequence | 1U;
    const uint32_t state = TUTTI_CLOCK_LOCKED;
    __atomic_store_n(&clock.sequence, sequence, __ATOMIC_RELAXED);
    __atomic_store_n(&clock.state, state, __ATOMIC_RELEASE);
    __atomic_store_n(&clock.local_ns, local_ns, __ATOMIC_RELEASE);
    __atomic_store_n(&clock.media_ns, media_ns, __ATOMIC_RELEASE);
    __atomic_store(&clock.rate_deviation, &options_.rate_deviation, __ATOMIC_RELEASE);
    __atomic_store_n(&clock.sequence, sequence + 1, __ATOMIC_RELEASE);
}

void RegionKeeper::clear(float* ring, uint32_t channels, int64_t from, int64_t to) const {
    for (int64_t n = from; n < std::min<int64_t>(to, from + ring_frames_); ++n) {
        const uint64_t slot = static_cast<uint64_t>(n) & (ring_frames_ - 1);
        std::memset(ring + slot * channels, 0, channels * sizeof(float));
    }
}

float* RegionKeeper::input(int64_t index) const {
    const uint64_t slot = static_cast<uint64_t>(index) & (ring_frames_ - 1);
    return reinterpret_cast<float*>(data_ + TUTTI_REGION_HEADER_BYTES) + slot * options_.inputs;
}

float* RegionKeeper::output(int64_t index) const {
    const uint64_t slot = static_cast<uint64_t>(index) & (ring_frames_ - 1);
    return reinterpret_cast<float*>(data_ + TUTTI_REGION_HEADER_BYTES) +
           static_cast<uint64_t>(ring_frames_) * options_.inputs + slot * options_.outputs;
}

int64_t RegionKeeper::media_ns(int64_t local_ns) const {
    const int64_t elapsed = local_ns - base_local_ns_;
    return base_media_ns_ + elapsed +
           static_cast<int64_t>(static_cast<double>(elapsed) * options_.rate_deviation);
}

int64_t RegionKeeper::now() const {
    return tutti_media_index(media_ns(local_now_ns()), options_.rate);
}

} // namespace tutti::hal::test
