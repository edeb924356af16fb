#include "engine_stand_in.hpp"

#include "host_clock.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace tutti::coreaudio::test {
namespace {

[[noreturn]] void die_of(const char* what) {
    std::perror(what);
    std::abort();
}

} // namespace

float test_sample(int64_t index, uint32_t channel) {
    uint64_t bits = static_cast<uint64_t>(index) * 0x9E3779B97F4A7C15u + channel * 0xD1B54A32D192ED03u + 1;
    bits ^= bits >> 29;
    bits *= 0xBF58476D1CE4E5B9u;
    const auto value = static_cast<int32_t>(bits >> 40) - (1 << 23);
    return static_cast<float>(value == 0 ? 1 : value) / 8388608.0F;
}

EngineStandIn::EngineStandIn() {
    path_ = "/dev/shm/tutti-coreaudio-test-" + std::to_string(getpid()) + ".sock";
    setenv("TUTTI_DEVICE_SOCKET", path_.c_str(), 1);
    wake_ = eventfd(0, EFD_CLOEXEC);
    line_.state = TUTTI_CLOCK_LOCKED;
    line_.generation = 1;
    come_back();
}

EngineStandIn::~EngineStandIn() {
    die();
    close(wake_);
    free_region();
}

void EngineStandIn::come_back() {
    come_back_as(geteuid());
}

void EngineStandIn::come_back_as(uid_t user) {
    unlink(path_.c_str());
    listener_ = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size());
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0)
        die_of("bind");
    // Whoever connects sees who began to listen. The system call, not seteuid(3): of this thread only.
    const auto become = [](uid_t effective) { return syscall(SYS_setresuid, -1, effective, -1) == 0; };
    const uid_t ourselves = geteuid();
    if (!become(user) || ::listen(listener_, 4) != 0 || !become(ourselves))
        die_of("listen");
    stopping_ = false;
    thread_ = std::thread([this] { serve(); });
}

void EngineStandIn::die() {
    stopping_ = true;
    const uint64_t one = 1;
    if (write(wake_, &one, sizeof(one)) != sizeof(one))
        die_of("eventfd");
    if (thread_.joinable())
        thread_.join();
    uint64_t ignored = 0;
    if (read(wake_, &ignored, sizeof(ignored)) != sizeof(ignored))
        die_of("eventfd");
    close(listener_);
    unlink(path_.c_str());
    const std::lock_guard lock(mutex_);
    for (const int connection : connections_)
        close(connection);
    connections_.clear();
}

void EngineStandIn::free_region() {
    if (memory_ != nullptr)
        munmap(memory_, bytes_);
    if (region_fd_ >= 0)
        close(region_fd_);
    memory_ = nullptr;
    region_fd_ = -1;
}

void EngineStandIn::make_region_only(uint32_t rate, uint32_t inputs, uint32_t outputs) {
    const std::lock_guard lock(mutex_);
    free_region();
    ring_frames_ = tutti_region_ring_frames(rate);
    bytes_ = tutti_region_bytes(inputs, outputs, ring_frames_);
    region_fd_ = memfd_create("tutti-region", MFD_CLOEXEC);
    if (region_fd_ < 0 || ftruncate(region_fd_, static_cast<off_t>(bytes_)) != 0)
        die_of("memfd_create");
    memory_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, region_fd_, 0);
    if (memory_ == MAP_FAILED)
        die_of("mmap");
    tutti_region_header& h = header();
    h.magic = TUTTI_REGION_MAGIC;
    h.abi = TUTTI_REGION_ABI;
    h.header_bytes = TUTTI_REGION_HEADER_BYTES;
    h.state = TUTTI_REGION_LIVE;
    h.rate = rate;
    h.inputs = inputs;
    h.outputs = outputs;
    h.ring_frames = ring_frames_;
    description_.abi = TUTTI_LINK_ABI;
    description_.kind = TUTTI_LINK_DEVICE;
    ++description_.region_id;
    description_.rate = rate;
    description_.inputs = inputs;
    description_.outputs = outputs;
    description_.input_latency = rate / 1000 * 3;
    description_.output_latency = rate / 1000;
    description_.safety = tutti_link_safety_frames(rate);
}

void EngineStandIn::make_region(uint32_t rate, uint32_t inputs, uint32_t outputs) {
    make_region_only(rate, inputs, outputs);
    publish(host_clock::now_ns());
    describe();
}

void EngineStandIn::change(const std::function<void(tutti_link_device&)>& how) {
    const std::lock_guard lock(mutex_);
    how(description_);
}

void EngineStandIn::describe() {
    const std::lock_guard lock(mutex_);
    for (const int connection : connections_)
        hand_over(connection);
}

void EngineStandIn::hand_over(int connection) {
    if (region_fd_ < 0)
        return;
    iovec vector{&description_, sizeof(description_)};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    cmsghdr* part = CMSG_FIRSTHDR(&message);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(part), &region_fd_, sizeof(int));
    sendmsg(connection, &message, MSG_NOSIGNAL);
}

void EngineStandIn::send_garbage(std::size_t bytes) {
    const std::vector<char> garbage(bytes, '\xA5');
    const std::lock_guard lock(mutex_);
    for (const int connection : connections_)
        send(connection, garbage.data(), garbage.size(), MSG_NOSIGNAL);
}

void EngineStandIn::serve() {
    while (!stopping_) {
        std::vector<pollfd> watched{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
        {
            const std::lock_guard lock(mutex_);
            for (const int connection : connections_)
                watched.push_back({connection, POLLIN, 0});
        }
        poll(watched.data(), watched.size(), -1);
        if (stopping_)
            return;
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 2; i < watched.size(); ++i) {
            if (watched[i].revents == 0)
                continue;
            tutti_link_request request{};
            if (recv(watched[i].fd, &request, sizeof(request), 0) != sizeof(request)) {
                close(watched[i].fd);
                connections_.erase(std::find(connections_.begin(), connections_.end(), watched[i].fd));
            } else if (request.kind == TUTTI_LINK_HELLO) {
                hand_over(watched[i].fd);
                ++hellos_;
            } else if (request.kind == TUTTI_LINK_WANTED) {
                wanted_ = request.rate;
            }
        }
        if (watched[1].revents != 0)
            connections_.push_back(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
    }
}

bool EngineStandIn::wait_for_hello(int count) {
    for (int i = 0; i < 2000 && hellos_ < count; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return hellos_ >= count;
}

void EngineStandIn::set_line(int64_t local_ns, int64_t media_ns, double deviation) {
    line_.local_ns = local_ns;
    line_.media_ns = media_ns;
    line_.rate_deviation = deviation;
}

void EngineStandIn::step(int64_t ns) {
    line_.media_ns += ns;
    ++line_.generation;
}

void EngineStandIn::bend(int64_t local_ns, double deviation) {
    set_line(local_ns, media_at(local_ns), deviation);
}

int64_t EngineStandIn::media_at(int64_t local_ns) const {
    const int64_t elapsed = local_ns - line_.local_ns;
    return line_.media_ns + elapsed +
           static_cast<int64_t>(static_cast<double>(elapsed) * line_.rate_deviation);
}

int64_t EngineStandIn::index_at(int64_t local_ns) const {
    return tutti_media_index(media_at(local_ns), header().rate);
}

void EngineStandIn::publish(int64_t local_ns) {
    // The line is begun anew now and then, as an engine's is.
    if (local_ns - line_.local_ns > second)
        bend(local_ns, line_.rate_deviation);
    tutti_region_header& h = header();
    const int64_t index = index_at(local_ns);
    __atomic_store_n(&h.input_horizon, index + ring_frames_ / 2, __ATOMIC_RELEASE);
    __atomic_store_n(&h.output_floor, index, __ATOMIC_RELEASE);
    const uint32_t sequence = h.clock.sequence | 1u;
    __atomic_store_n(&h.clock.sequence, sequence, __ATOMIC_RELAXED);
    __atomic_store_n(&h.clock.state, line_.state, __ATOMIC_RELEASE);
    __atomic_store_n(&h.clock.generation, line_.generation, __ATOMIC_RELEASE);
    __atomic_store_n(&h.clock.local_ns, line_.local_ns, __ATOMIC_RELEASE);
    __atomic_store_n(&h.clock.media_ns, line_.media_ns, __ATOMIC_RELEASE);
    __atomic_store(&h.clock.rate_deviation, &line_.rate_deviation, __ATOMIC_RELEASE);
    __atomic_store_n(&h.clock.sequence, sequence + 1, __ATOMIC_RELEASE);
    __atomic_store_n(&h.heartbeat, static_cast<uint64_t>(local_ns), __ATOMIC_RELEASE);
}

void EngineStandIn::fill_inputs(int64_t from, int64_t to) {
    for (int64_t n = from; n < to; ++n) {
        float* frame = input(n);
        for (uint32_t c = 0; c < header().inputs; ++c)
            frame[c] = test_sample(n, c);
    }
}

float* EngineStandIn::input(int64_t index) const {
    const uint64_t slot = static_cast<uint64_t>(index) & (ring_frames_ - 1);
    return reinterpret_cast<float*>(static_cast<char*>(memory_) + TUTTI_REGION_HEADER_BYTES) +
           slot * header().inputs;
}

float* EngineStandIn::output(int64_t index) const {
    const uint64_t slot = static_cast<uint64_t>(index) & (ring_frames_ - 1);
    return reinterpret_cast<float*>(static_cast<char*>(memory_) + TUTTI_REGION_HEADER_BYTES) +
           static_cast<uint64_t>(ring_frames_) * header().inputs + slot * header().outputs;
}

} // namespace tutti::coreaudio::test
