#include "pcm.hpp"

#include "client/local_time.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <memory>
#include <new>

namespace tutti::hal {
namespace {

constexpr unsigned min_periods = 2;
constexpr unsigned max_periods =
    128; // ffmpeg takes the shortest period there is: 1/128 of the buffer is a good one
constexpr unsigned min_period_bytes = 64;
constexpr unsigned max_sample_bytes = 4;
/// Waking a little late costs nothing, a nanosecond early costs a second wake-up.
constexpr int64_t wake_margin_ns = 2000;
SampleFormat sample_format(snd_pcm_format_t format) {
    switch (format) {
    case SND_PCM_FORMAT_S16_LE:
        return SampleFormat::s16;
    case SND_PCM_FORMAT_S24_LE:
        return SampleFormat::s24;
    case SND_PCM_FORMAT_S24_3LE:
        return SampleFormat::s24_packed;
    case SND_PCM_FORMAT_S32_LE:
        return SampleFormat::s32;
    default:
        return SampleFormat::f32;
    }
}

Pcm* self(snd_pcm_ioplug_t* io) {
    return static_cast<Pcm*>(io->private_data);
}

} // namespace

Pcm::Pcm(const PcmOptions& options, snd_pcm_stream_t stream)
    : session_(options, stream == SND_PCM_STREAM_PLAYBACK) {
    io_.version = SND_PCM_IOPLUG_VERSION;
    io_.name = "Tutti device region";
    io_.flags = SND_PCM_IOPLUG_FLAG_LISTED | SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;
    io_.callback = &callbacks;
    io_.private_data = this;
    io_.poll_fd = timer_.fd();
    io_.poll_events = POLLIN; // of the timer; poll_revents turns it into what the application waits for
    io_.stream = stream;
}

int Pcm::open(snd_pcm_t** pcm, const char* name, const PcmOptions& options, snd_pcm_stream_t stream,
              int mode) {
    std::unique_ptr<Pcm> created(new (std::nothrow) Pcm(options, stream));
    if (!created)
        return -ENOMEM;
    if (created->timer_.fd() < 0)
        return -errno;
    if (const int error = created->session_.open(); error < 0)
        return error;
    if (options.channels != 0) {
        if (const int error = created->session_.claim(options.channels); error < 0)
            return error;
    }
    Pcm* made = created.get();
    if (const int error = snd_pcm_ioplug_create(&made->io_, name, stream, mode); error < 0)
        return error;
    created.release(); // from here on alsa-lib's close callback deletes it
    if (const int error = made->set_constraints(); error < 0) {
        snd_pcm_ioplug_delete(&made->io_);
        return error;
    }
    *pcm = made->io_.pcm;
    return 0;
}

/// Any frame count up to a whole ring of the widest frame. Narrower streams get longer buffers: the streams
/// keep their own.
int Pcm::set_constraints() {
    static const unsigned accesses[] = {SND_PCM_ACCESS_MMAP_INTERLEAVED, SND_PCM_ACCESS_RW_INTERLEAVED};
    static const unsigned formats[] = {SND_PCM_FORMAT_S24_3LE, SND_PCM_FORMAT_S16_LE, SND_PCM_FORMAT_S24_LE,
                                       SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_FLOAT_LE};
    const RegionGeometry& geometry = session_.region().geometry();
    const PcmOptions& options = session_.options();
    const uint32_t there = (plays() ? geometry.outputs : geometry.inputs) - options.first;
    const uint32_t most = options.channels != 0 ? options.channels : there;
    const uint32_t least = options.channels != 0 ? options.channels : 1;
    const unsigned buffer_bytes = geometry.ring_frames * most * max_sample_bytes;
    const auto range = [this](int type, unsigned low, unsigned high) {
        return snd_pcm_ioplug_set_param_minmax(&io_, type, low, high);
    };
    int error = snd_pcm_ioplug_set_param_list(&io_, SND_PCM_IOPLUG_HW_ACCESS, std::size(accesses), accesses);
    if (error >= 0)
        error = snd_pcm_ioplug_set_param_list(&io_, SND_PCM_IOPLUG_HW_FORMAT, std::size(formats), formats);
    if (error >= 0)
        error = range(SND_PCM_IOPLUG_HW_CHANNELS, least, most);
    if (error >= 0)
        error = range(SND_PCM_IOPLUG_HW_RATE, geometry.rate, geometry.rate);
    if (error >= 0)
        error = range(SND_PCM_IOPLUG_HW_PERIOD_BYTES, min_period_bytes, buffer_bytes / min_periods);
    if (error >= 0)
        error = range(SND_PCM_IOPLUG_HW_BUFFER_BYTES, min_period_bytes * min_periods, buffer_bytes);
    if (error >= 0)
        error = range(SND_PCM_IOPLUG_HW_PERIODS, min_periods, max_periods);
    return error;
}

int Pcm::hw_params() {
    format_ = sample_format(io_.format);
    if (const int error = session_.claim(io_.channels); error < 0)
        return error;
    const auto frames = static_cast<int64_t>(io_.buffer_size);
    const uint32_t first = session_.options().first;
    const bool allocated = plays() ? playback_.allocate(first, io_.channels, frames)
                                   : capture_.allocate(first, io_.channels, frames);
    return allocated ? 0 : -ENOMEM;
}

int Pcm::sw_params(snd_pcm_sw_params_t* params) {
    snd_pcm_uframes_t value = 0;
    if (snd_pcm_sw_params_get_avail_min(params, &value) == 0)
        avail_min_ = static_cast<int64_t>(std::max(value, 1UL));
    if (snd_pcm_sw_params_get_boundary(params, &value) == 0 && value > 0)
        boundary_ = static_cast<int64_t>(value);
    if (snd_pcm_sw_params_get_stop_threshold(params, &value) == 0) {
        stops_at_xrun_ = static_cast<int64_t>(value) < boundary_;
    }
    set_timer(io_.state, application_position());
    return 0;
}

int Pcm::prepare() {
    if (plays())
        playback_.reset(local_now_ns());
    if (const int error = session_.follow(io_.rate, io_.channels); error < 0)
        return error;
    if (const int error = session_.wait_for_clock(); error < 0)
        return error;
    position_ = 0;
    xrun_counted_ = false;
    set_timer(SND_PCM_STATE_PREPARED, 0);
    return 0;
}

int Pcm::start() {
    const int64_t application = application_position();
    if (plays()) {
        playback_.start(application);
    } else {
        capture_.start(local_now_ns());
    }
    set_timer(SND_PCM_STATE_RUNNING, application);
    return 0;
}

int Pcm::stop() {
    if (plays())
        playback_.reset(local_now_ns());
    timer_.set_ready();
    return 0;
}

snd_pcm_sframes_t Pcm::pointer() {
    if (io_.state == SND_PCM_STATE_XRUN)
        return -EPIPE;
    if (io_.state == SND_PCM_STATE_RUNNING || io_.state == SND_PCM_STATE_DRAINING) {
        const bool drains = io_.state == SND_PCM_STATE_DRAINING;
        if (drains && !plays())
            return -EPIPE; // nothing to wait for: alsa-lib then stops the stream
        const int64_t application = application_position();
        const int64_t now = local_now_ns();
        const bool stops = stops_at_xrun_ && !drains;
        const StreamState state =
            plays() ? playback_.update(now, application, stops) : capture_.update(now, application, stops);
        if (state == StreamState::xrun) {
            if (!xrun_counted_)
                session_.claims().count_xrun();
            xrun_counted_ = true;
            timer_.set_ready();
            return -EPIPE;
        }
        const int64_t reached = plays() ? playback_.position() : capture_.position();
        position_ = drains ? std::min(reached, application) : reached;
    }
    return static_cast<snd_pcm_sframes_t>(position_ % boundary_);
}

snd_pcm_sframes_t Pcm::transfer(const snd_pcm_channel_area_t* areas, snd_pcm_uframes_t offset,
                                snd_pcm_uframes_t size) {
    const auto frames = static_cast<int64_t>(size);
    const std::size_t frame_bytes = bytes_per_sample(format_) * io_.channels;
    if (areas[0].step != frame_bytes * 8 || size > io_.buffer_size)
        return -EINVAL;
    uint8_t* data = static_cast<uint8_t*>(areas[0].addr) + areas[0].first / 8 + offset * frame_bytes;
    const int64_t position = application_position();
    if (plays()) {
        playback_.stage(position, frames, format_, data);
        const bool runs = io_.state == SND_PCM_STATE_RUNNING || io_.state == SND_PCM_STATE_DRAINING;
        // An xrun that shows here is reported by the next pointer().
        if (runs)
            playback_.update(local_now_ns(), position + frames, stops_at_xrun_);
    } else {
        capture_.copy(position, frames, format_, data);
    }
    // From a mapped capture the program takes what it wants afterwards, and alsa-lib does not tell how much.
    const bool mapped_capture = !plays() && io_.access == SND_PCM_ACCESS_MMAP_INTERLEAVED;
    set_timer(io_.state, mapped_capture ? position : position + frames);
    return static_cast<snd_pcm_sframes_t>(size);
}

int Pcm::poll_revents(unsigned short* revents) {
    const snd_pcm_sframes_t avail = snd_pcm_avail_update(io_.pcm); // locks, calls pointer(), finds xruns
    const unsigned short event = plays() ? POLLOUT : POLLIN;
    *revents = 0;
    switch (io_.state) {
    case SND_PCM_STATE_PREPARED:
    case SND_PCM_STATE_RUNNING:
        if (avail >= avail_min_)
            *revents = event;
        break;
    case SND_PCM_STATE_DRAINING:
        break;
    case SND_PCM_STATE_XRUN:
        *revents = event | POLLERR;
        break;
    default:
        *revents = event;
        break;
    }
    set_timer(io_.state, application_position());
    return 0;
}

/// The application's position without wrapping; its pointer and ours wrap at the boundary.
int64_t Pcm::application_position() const {
    int64_t ahead = static_cast<int64_t>(io_.appl_ptr) - position_ % boundary_;
    if (ahead > boundary_ / 2)
        ahead -= boundary_;
    if (ahead < -(boundary_ / 2))
        ahead += boundary_;
    return position_ + ahead;
}

/// Position of the stream at which the application, or the ring, needs us next.
int64_t Pcm::wake_position(snd_pcm_state_t state, int64_t application) const {
    if (!plays())
        return std::min(application + avail_min_, capture_.pull_before());
    const bool drains = state == SND_PCM_STATE_DRAINING;
    const int64_t wanted =
        drains ? application : application + avail_min_ - static_cast<int64_t>(io_.buffer_size);
    return playback_.pushed() < application ? std::min(wanted, playback_.push_before()) : wanted;
}

void Pcm::set_timer(snd_pcm_state_t state, int64_t application) {
    switch (state) {
    case SND_PCM_STATE_RUNNING:
    case SND_PCM_STATE_DRAINING: {
        const int64_t start = plays() ? playback_.start_index() : capture_.start_index();
        timer_.set(session_.clock().local_ns_of(start + wake_position(state, application)) + wake_margin_ns);
        break;
    }
    case SND_PCM_STATE_PREPARED: {
        const bool room = plays() && static_cast<int64_t>(io_.buffer_size) - application >= avail_min_;
        if (room) {
            timer_.set_ready();
        } else {
            timer_.set_never();
        }
        break;
    }
    default:
        timer_.set_ready();
        break;
    }
}

const snd_pcm_ioplug_callback_t Pcm::callbacks = [] {
    snd_pcm_ioplug_callback_t table{};
    table.start = [](snd_pcm_ioplug_t* io) { return self(io)->start(); };
    table.stop = [](snd_pcm_ioplug_t* io) { return self(io)->stop(); };
    table.pointer = [](snd_pcm_ioplug_t* io) { return self(io)->pointer(); };
    table.transfer = [](snd_pcm_ioplug_t* io, const snd_pcm_channel_area_t* areas, snd_pcm_uframes_t offset,
                        snd_pcm_uframes_t size) { return self(io)->transfer(areas, offset, size); };
    table.close = [](snd_pcm_ioplug_t* io) {
        delete self(io);
        return 0;
    };
    table.hw_params = [](snd_pcm_ioplug_t* io, snd_pcm_hw_params_t*) { return self(io)->hw_params(); };
    table.sw_params = [](snd_pcm_ioplug_t* io, snd_pcm_sw_params_t* params) {
        return self(io)->sw_params(params);
    };
    table.prepare = [](snd_pcm_ioplug_t* io) { return self(io)->prepare(); };
    table.poll_revents = [](snd_pcm_ioplug_t* io, struct pollfd*, unsigned, unsigned short* revents) {
        return self(io)->poll_revents(revents);
    };
    return table;
}();

} // namespace tutti::hal
