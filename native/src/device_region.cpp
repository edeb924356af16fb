#include "device_region.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>

namespace tutti {
namespace {

bool same_geometry(const tutti_region_header& header, const DevicePlan& device) {
    return header.magic == TUTTI_REGION_MAGIC && header.abi == TUTTI_REGION_ABI &&
           header.header_bytes == TUTTI_REGION_HEADER_BYTES && header.state == TUTTI_REGION_LIVE &&
           header.rate == device.rate && header.inputs == device.inputs && header.outputs == device.outputs &&
           header.ring_frames == tutti_region_ring_frames(device.rate);
}

/// What a new region begins with; no clock yet.
tutti_region_header fresh_header(const DevicePlan& device) {
    tutti_region_header header{};
    header.magic = TUTTI_REGION_MAGIC;
    header.abi = TUTTI_REGION_ABI;
    header.header_bytes = TUTTI_REGION_HEADER_BYTES;
    header.state = TUTTI_REGION_LIVE;
    header.rate = device.rate;
    header.inputs = device.inputs;
    header.outputs = device.outputs;
    header.ring_frames = tutti_region_ring_frames(device.rate);
    return header;
}

/// The file of that name, whatever its geometry; empty if there is none that can be trusted.
SharedFile map_present(const std::string& path) {
    SharedFile file;
    std::string ignored;
    FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    const off_t bytes = fd ? lseek(fd.get(), 0, SEEK_END) : 0;
    if (bytes >= static_cast<off_t>(sizeof(tutti_region_header)))
        file.open(path, static_cast<std::size_t>(bytes), ignored);
    return file;
}

/// Drivers that mapped it then open the new one.
void retire_file(const SharedFile& file) {
    if (file.data() == nullptr)
        return;
    auto* header = reinterpret_cast<tutti_region_header*>(file.data());
    __atomic_store_n(&header->state, static_cast<uint32_t>(TUTTI_REGION_RETIRED), __ATOMIC_RELEASE);
}

/// Claims the region for this process. False if another engine has it. Memory without a file is nobody
/// else's.
bool lock_engine(int fd) {
    if (fd < 0)
        return true;
    struct flock alive {};
    alive.l_type = F_WRLCK;
    alive.l_whence = SEEK_SET;
    alive.l_start = TUTTI_LOCK_ENGINE;
    alive.l_len = 1;
    return fcntl(fd, F_OFD_SETLK, &alive) == 0;
}

bool is_locked_by_somebody(int fd, int64_t offset) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = offset;
    lock.l_len = 1;
    return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

} // namespace

std::unique_ptr<DeviceRegion> DeviceRegion::open(const std::string& path, const DevicePlan& device,
                                                 std::string& error) {
    const uint32_t frames = tutti_region_ring_frames(device.rate);
    const std::size_t bytes = tutti_region_bytes(device.inputs, device.outputs, frames);
    SharedFile file = map_present(path);
    const bool adopted =
        file.bytes() == bytes && same_geometry(*reinterpret_cast<tutti_region_header*>(file.data()), device);
    if (!adopted) {
        // Drivers open the name again as soon as the old one is retired: the new one is finished by then.
        const tutti_region_header head = fresh_header(device);
        SharedFile fresh;
        if (!fresh.create_for_drivers(path, bytes, error, std::as_bytes(std::span(&head, 1))))
            return nullptr;
        retire_file(file);
        file = std::move(fresh);
    }
    if (!lock_engine(file.fd())) {
        error = path + ": another engine has it";
        return nullptr;
    }
    return std::unique_ptr<DeviceRegion>(new DeviceRegion(std::move(file), device));
}

DeviceRegion::DeviceRegion(SharedFile file, const DevicePlan& device)
    : file_(std::move(file)), device_(device), ring_frames_(tutti_region_ring_frames(device.rate)),
      mask_(ring_frames_ - 1) {
    inputs_ = reinterpret_cast<float*>(file_.data() + TUTTI_REGION_HEADER_BYTES);
    outputs_ = inputs_ + static_cast<std::size_t>(ring_frames_) * device_.inputs;
    const tutti_region_header* h = header();
    input_horizon_ = h->input_horizon;
    output_floor_ = h->output_floor;
    generation_ = h->clock.generation;
}

tutti_region_header* DeviceRegion::header() const noexcept {
    return reinterpret_cast<tutti_region_header*>(file_.data());
}

void DeviceRegion::retire() noexcept {
    __atomic_store_n(&header()->state, static_cast<uint32_t>(TUTTI_REGION_RETIRED), __ATOMIC_RELEASE);
}

void DeviceRegion::clear(float* ring, uint32_t channels, int64_t from, int64_t to) noexcept {
    from = std::max(from, to - static_cast<int64_t>(ring_frames_));
    while (from < to) {
        const int64_t part = std::min<int64_t>(to - from, contiguous(from));
        std::memset(ring + (static_cast<uint64_t>(from) & mask_) * channels, 0,
                    static_cast<std::size_t>(part) * channels * sizeof(float));
        from += part;
    }
}

void DeviceRegion::advance_input_horizon(int64_t horizon) noexcept {
    if (horizon <= input_horizon_)
        return;
    clear(inputs_, device_.inputs, input_horizon_, horizon);
    input_horizon_ = horizon;
    __atomic_store_n(&header()->input_horizon, horizon, __ATOMIC_RELEASE);
}

void DeviceRegion::advance_output_floor(int64_t floor) noexcept {
    if (floor <= output_floor_)
        return;
    clear(outputs_, device_.outputs, output_floor_, floor);
    output_floor_ = floor;
    __atomic_store_n(&header()->output_floor, floor, __ATOMIC_RELEASE);
}

void DeviceRegion::restart(int64_t now) noexcept {
    tutti_region_header* h = header();
    clear(inputs_, device_.inputs, now - ring_frames_, now);
    clear(outputs_, device_.outputs, now - ring_frames_, now);
    input_horizon_ = now + ring_frames_ / 2;
    output_floor_ = now;
    __atomic_store_n(&h->input_horizon, input_horizon_, __ATOMIC_RELEASE);
    __atomic_store_n(&h->output_floor, output_floor_, __ATOMIC_RELEASE);
    ++generation_; // published with the new line, so that drivers never see one without the other
}

void DeviceRegion::publish_clock(const Timeline& timeline, uint32_t state, int64_t local_now) noexcept {
    tutti_region_clock& clock = header()->clock;
    const uint32_t sequence = clock.sequence | 1u; // an engine that died inside left it odd
    __atomic_store_n(&clock.sequence, sequence, __ATOMIC_RELAXED);
    // Release on each word instead of a fence: whoever sees a new word also sees the odd sequence.
    __atomic_store_n(&clock.state, state, __ATOMIC_RELEASE);
    __atomic_store_n(&clock.generation, generation_, __ATOMIC_RELEASE);
    __atomic_store_n(&clock.local_ns, timeline.local_ns, __ATOMIC_RELEASE);
    __atomic_store_n(&clock.media_ns, timeline.media_ns, __ATOMIC_RELEASE);
    double rate_deviation = timeline.rate_deviation; // clang wants it writable
    __atomic_store(&clock.rate_deviation, &rate_deviation, __ATOMIC_RELEASE);
    __atomic_store_n(&clock.sequence, sequence + 1 == 0 ? 2 : sequence + 1,
                     __ATOMIC_RELEASE); // 0: never written
    __atomic_store_n(&header()->heartbeat, static_cast<uint64_t>(local_now), __ATOMIC_RELEASE);
}

std::optional<Timeline> DeviceRegion::published_line() const noexcept {
    const tutti_region_clock& clock = header()->clock;
    if (clock.sequence == 0 || (clock.sequence & 1) != 0) // an engine that died while it wrote left it odd
        return std::nullopt;
    return Timeline{clock.local_ns, clock.media_ns, clock.rate_deviation, device_.rate};
}

bool DeviceRegion::continues(const Timeline& timeline, int64_t tolerance_ns) const noexcept {
    const auto before = published_line();
    return before && std::llabs(before->media_ns_at(timeline.local_ns) - timeline.media_ns) <= tolerance_ns;
}

std::vector<tutti_region_client> DeviceRegion::clients() const {
    std::vector<tutti_region_client> found;
    // Slots are locked by drivers only, so that every lock found belongs to somebody else.
    for (uint32_t i = 0; i < TUTTI_REGION_CLIENTS; ++i) {
        if (!is_locked_by_somebody(file_.fd(), TUTTI_LOCK_CLIENT + i))
            continue;
        tutti_region_client client = header()->clients[i];
        client.name[sizeof(client.name) - 1] = '\0';
        if (client.direction == TUTTI_CLIENT_CAPTURE || client.direction == TUTTI_CLIENT_PLAYBACK) {
            found.push_back(client);
        }
    }
    return found;
}

} // namespace tutti
