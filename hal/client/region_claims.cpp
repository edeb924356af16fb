#include "region_claims.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace tutti::hal {
namespace {

struct flock byte_lock(short type, int64_t offset) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = offset;
    lock.l_len = 1;
    return lock;
}

/// Slots are read by others while we write: word by word, so that they see no torn number. Display only.
template <typename T> void publish(T& field, T value) {
    __atomic_store_n(&field, value, __ATOMIC_RELAXED);
}

} // namespace

RegionClaims::~RegionClaims() {
    release();
}

std::optional<RegionClaims::Conflict> RegionClaims::claim_outputs(uint32_t first, uint32_t channels) {
    const auto held = [this](uint32_t channel) { return channel >= first_ && channel < first_ + channels_; };
    const uint32_t end = first + channels;
    for (uint32_t channel = first; channel < end; ++channel) {
        if (held(channel) || lock(TUTTI_LOCK_OUTPUT + static_cast<int64_t>(channel)))
            continue;
        for (uint32_t taken = first; taken < channel; ++taken) {
            if (!held(taken))
                unlock(TUTTI_LOCK_OUTPUT + static_cast<int64_t>(taken));
        }
        return Conflict{channel, holder_of(channel)};
    }
    for (uint32_t channel = first_; channel < first_ + channels_; ++channel) {
        if (channel < first || channel >= end)
            unlock(TUTTI_LOCK_OUTPUT + static_cast<int64_t>(channel));
    }
    first_ = first;
    channels_ = channels;
    return std::nullopt;
}

void RegionClaims::release() noexcept {
    for (uint32_t channel = first_; channel < first_ + channels_; ++channel) {
        unlock(TUTTI_LOCK_OUTPUT + static_cast<int64_t>(channel));
    }
    channels_ = 0;
    if (!slot_)
        return;
    publish<uint32_t>(region_->header().clients[*slot_].direction, TUTTI_CLIENT_FREE);
    unlock(TUTTI_LOCK_CLIENT + static_cast<int64_t>(*slot_));
    slot_.reset();
}

void RegionClaims::describe(uint32_t direction, uint32_t first, uint32_t channels,
                            const std::string& name) noexcept {
    for (uint32_t i = 0; !slot_ && i < TUTTI_REGION_CLIENTS; ++i) {
        if (!lock(TUTTI_LOCK_CLIENT + static_cast<int64_t>(i)))
            continue;
        slot_ = i;
        publish<uint64_t>(region_->header().clients[i].xruns, 0);
    }
    if (!slot_)
        return;
    tutti_region_client& client = region_->header().clients[*slot_];
    publish<uint32_t>(client.pid, static_cast<uint32_t>(getpid()));
    publish(client.first, first);
    publish(client.channels, channels);
    for (std::size_t i = 0; i < sizeof(client.name); ++i) {
        publish(client.name[i], i < name.size() && i + 1 < sizeof(client.name) ? name[i] : '\0');
    }
    __atomic_store_n(&client.direction, direction, __ATOMIC_RELEASE);
}

void RegionClaims::count_xrun() noexcept {
    if (slot_)
        __atomic_fetch_add(&region_->header().clients[*slot_].xruns, 1, __ATOMIC_RELAXED);
}

bool RegionClaims::lock(int64_t offset) const noexcept {
    struct flock lock = byte_lock(F_WRLCK, offset);
    return fcntl(region_->fd(), F_OFD_SETLK, &lock) == 0;
}

void RegionClaims::unlock(int64_t offset) const noexcept {
    struct flock lock = byte_lock(F_UNLCK, offset);
    fcntl(region_->fd(), F_OFD_SETLK, &lock);
}

bool RegionClaims::locked_elsewhere(int64_t offset) const noexcept {
    struct flock lock = byte_lock(F_WRLCK, offset);
    return fcntl(region_->fd(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/// The kernel does not tell who holds such a lock, but the slots do.
std::string RegionClaims::holder_of(uint32_t channel) const {
    for (uint32_t i = 0; i < TUTTI_REGION_CLIENTS; ++i) {
        const tutti_region_client& client = region_->header().clients[i];
        if (__atomic_load_n(&client.direction, __ATOMIC_ACQUIRE) != TUTTI_CLIENT_PLAYBACK)
            continue;
        const uint32_t first = __atomic_load_n(&client.first, __ATOMIC_RELAXED);
        const uint32_t count = __atomic_load_n(&client.channels, __ATOMIC_RELAXED);
        if (channel < first || channel - first >= count)
            continue;
        if (!locked_elsewhere(TUTTI_LOCK_CLIENT + static_cast<int64_t>(i)))
            continue;
        std::string name(client.name, strnlen(client.name, sizeof(client.name)));
        std::replace_if(
            name.begin(), name.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
        return name + " (pid " + std::to_string(__atomic_load_n(&client.pid, __ATOMIC_RELAXED)) + ")";
    }
    return "another program";
}

} // namespace tutti::hal
