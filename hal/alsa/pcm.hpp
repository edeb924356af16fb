#pragma once
#include "capture_stream.hpp"
#include "playback_stream.hpp"
#include "poll_timer.hpp"
#include "region_session.hpp"

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>

#include <cstdint>

namespace tutti::hal {

/**
 * One open ALSA PCM. alsa-lib calls it under the PCM's lock, but for poll_revents, prepare and sw_params,
 * where it lets go of it; those reach the streams through alsa-lib's own locking calls or while nothing runs.
 */
class Pcm {
  public:
    /// Opens the region and makes the PCM; 0 or a negative errno, with a message on ALSA's error channel.
    /// [control]
    static int open(snd_pcm_t** pcm, const char* name, const PcmOptions& options, snd_pcm_stream_t stream,
                    int mode);

  private:
    Pcm(const PcmOptions& options, snd_pcm_stream_t stream);
    int set_constraints();

    // Callbacks of alsa-lib.
    static const snd_pcm_ioplug_callback_t callbacks;
    int start();
    int stop();
    snd_pcm_sframes_t pointer();
    snd_pcm_sframes_t transfer(const snd_pcm_channel_area_t* areas, snd_pcm_uframes_t offset,
                               snd_pcm_uframes_t size);
    int hw_params();
    int sw_params(snd_pcm_sw_params_t* params);
    int prepare();
    int poll_revents(unsigned short* revents);

    [[nodiscard]] bool plays() const { return session_.plays(); }
    [[nodiscard]] int64_t application_position() const;
    void set_timer(snd_pcm_state_t state, int64_t application);
    [[nodiscard]] int64_t wake_position(snd_pcm_state_t state, int64_t application) const;

    snd_pcm_ioplug_t io_{};
    RegionSession session_;
    CaptureStream capture_{session_.region(), session_.clock()};
    PlaybackStream playback_{session_.region(), session_.clock()};
    PollTimer timer_;
    SampleFormat format_ = SampleFormat::s16;
    int64_t position_ = 0; // what pointer() gave last, without wrapping
    int64_t avail_min_ = 1;
    int64_t boundary_ = INT64_MAX / 2;
    bool stops_at_xrun_ = true;
    bool xrun_counted_ = false;
};

} // namespace tutti::hal
