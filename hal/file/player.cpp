#include "player.hpp"

#include "frame_queue.hpp"
#include "frame_source.hpp"

#include "client/region_claims.hpp"
#include "client/region_writer.hpp"

#include <algorithm>
#include <string>
#include <thread>

namespace tutti::hal {
namespace {

constexpr uint64_t queue_seconds = 4; // a disk may stall that long
constexpr uint64_t block_frames = 4096;

/// The disk's side: fills the queue until the file ends or `stop` is set.
void read_ahead(FrameSource& source, FrameQueue& queue, bool loop, const std::atomic<bool>& stop) {
    while (!stop) {
        const FrameQueue::Span room = queue.room(block_frames);
        if (room.frames == 0) {
            pause_transport();
            continue;
        }
        const uint64_t read = source.read(room.data, room.frames);
        queue.written(read);
        if (read > 0)
            continue;
        if (!loop)
            break;
        source.rewind();
    }
    queue.close();
}

/// The timeline's side.
class Player {
  public:
    Player(Transport& transport, FrameQueue& queue, uint32_t first, uint32_t channels,
           TransportReport& report)
        : transport_(transport), queue_(queue), writer_(transport.region()), first_(first),
          channels_(channels), report_(report), next_(report.start) {}

    /// Places what the ring takes. False when all has been played, or the timeline is gone.
    bool step() {
        if (!transport_.follow(report_))
            return false;
        const int64_t now = transport_.now();
        const bool ended = queue_.closed();
        skip(now);
        // With an engine that is gone the window stays behind: frames then pass as late.
        while (next_ < writer_.window_end()) {
            const auto room = static_cast<uint64_t>(writer_.window_end() - next_);
            const FrameQueue::Span ready = queue_.ready(std::min(room, block_frames));
            if (ready.frames == 0)
                break;
            const auto frames = static_cast<int64_t>(ready.frames);
            report_.late += writer_.write(next_, frames, first_, channels_, ready.data);
            // Held up between the clock and the write: this much had passed already.
            report_.late += std::clamp<int64_t>(transport_.now() - next_, 0, frames);
            advance(frames);
        }
        return !(ended && queue_.filled() == 0 && now >= next_);
    }

    /// Takes back what has not been played.
    void abandon() {
        const int64_t now = transport_.now();
        if (now < next_)
            writer_.clear(now, next_ - now, first_, channels_);
        report_.frames -= std::max<int64_t>(next_ - now, 0);
    }

  private:
    /// Drops the frames whose time has passed, so that the others keep theirs.
    void skip(int64_t now) {
        while (next_ < now) {
            const FrameQueue::Span ready = queue_.ready(static_cast<uint64_t>(now - next_));
            if (ready.frames == 0)
                break;
            report_.late += static_cast<int64_t>(ready.frames);
            advance(static_cast<int64_t>(ready.frames));
        }
    }

    void advance(int64_t frames) {
        queue_.taken(static_cast<uint64_t>(frames));
        next_ += frames;
        report_.frames += frames;
    }

    Transport& transport_;
    FrameQueue& queue_;
    RegionWriter writer_;
    uint32_t first_;
    uint32_t channels_;
    TransportReport& report_;
    int64_t next_;
};

} // namespace

TransportReport play_file(const TransportOptions& options, bool loop,
                          const std::function<void(int64_t)>& on_start) {
    TransportReport report;
    Transport transport;
    if (!transport.open(options.region, report))
        return report;
    const RegionGeometry& geometry = transport.region().geometry();
    std::string problem;
    const auto source = open_frame_source(options.file, geometry.rate, problem);
    if (source == nullptr) {
        report.problem = options.file + ": " + problem;
        return report;
    }
    const uint32_t channels = source->channels();
    if (source->rate() != geometry.rate) {
        report.problem = options.file + " has " + std::to_string(source->rate()) + " Hz, the device " +
                         std::to_string(geometry.rate) + " Hz";
        return report;
    }
    if (options.first + channels > geometry.outputs) {
        report.problem = options.file + " has " + std::to_string(channels) +
                         " channels: too many from channel " + std::to_string(options.first + 1) + " on";
        return report;
    }
    if (source->frames() == 0)
        loop = false;

    RegionClaims claims(transport.region());
    if (const auto conflict = claims.claim_outputs(options.first, channels)) {
        report.outcome = Outcome::conflict;
        report.problem =
            "output channel " + std::to_string(conflict->channel + 1) + " is in use by " + conflict->holder;
        return report;
    }
    claims.describe(TUTTI_CLIENT_PLAYBACK, options.first, channels, "tutti-file");

    FrameQueue queue(channels, queue_seconds * geometry.rate);
    std::atomic<bool> stop{false};
    std::thread disk([&] { read_ahead(*source, queue, loop, stop); });
    while (!queue.closed() && queue.filled() < queue.capacity())
        pause_transport();

    transport.follow(report);
    report.start = options.at.value_or(transport.now() + geometry.rate / 50);
    on_start(report.start);
    Player player(transport, queue, options.first, channels, report);
    report.outcome = Outcome::done;
    while (player.step()) {
        if (*options.stop) {
            player.abandon();
            break;
        }
        pause_transport();
    }
    stop = true;
    disk.join();
    if (report.outcome == Outcome::done && report.late > 0)
        report.outcome = Outcome::degraded;
    return report;
}

} // namespace tutti::hal
