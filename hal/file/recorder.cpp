#include "recorder.hpp"

#include "frame_queue.hpp"
#include "wav_writer.hpp"

#include "client/region_claims.hpp"
#include "client/region_reader.hpp"

#include <algorithm>
#include <string>
#include <thread>

namespace tutti::hal {
namespace {

constexpr uint64_t queue_seconds = 8; // a disk may stall that long
constexpr uint64_t block_frames = 4096;

/// The disk's side: empties the queue until it is closed. False in `ok` if the disk refuses.
void write_behind(WavWriter& wav, FrameQueue& queue, std::atomic<bool>& ok) {
    for (;;) {
        const bool closed = queue.closed();
        const FrameQueue::Span ready = queue.ready(block_frames);
        if (ready.frames == 0 && closed)
            break;
        if (ready.frames == 0) {
            pause_transport();
            continue;
        }
        if (ok && !wav.write(ready.data, ready.frames))
            ok = false;
        queue.taken(ready.frames);
    }
    if (!wav.finish())
        ok = false;
}

} // namespace

TransportReport record_file(const TransportOptions& options, const RecordOptions& record,
                            const std::function<void(int64_t)>& on_start) {
    TransportReport report;
    Transport transport;
    if (!transport.open(options.region, report))
        return report;
    const RegionGeometry& geometry = transport.region().geometry();
    if (options.first + record.channels > geometry.inputs) {
        report.problem = "the device has " + std::to_string(geometry.inputs) + " inputs: too few for " +
                         std::to_string(record.channels) + " channels from channel " +
                         std::to_string(options.first + 1);
        return report;
    }
    WavWriter wav;
    const WavFormat format{record.samples, record.channels, geometry.rate};
    if (const std::string problem = wav.create(options.file, format, record.always_rf64); !problem.empty()) {
        report.problem = options.file + ": " + problem;
        return report;
    }
    RegionClaims claims(transport.region());
    claims.describe(TUTTI_CLIENT_CAPTURE, options.first, record.channels, "tutti-file");
    FrameQueue queue(record.channels, queue_seconds * geometry.rate);
    std::atomic<bool> disk_ok{true};
    std::thread disk([&] { write_behind(wav, queue, disk_ok); });

    const RegionReader reader(transport.region());
    report.start = options.at.value_or(transport.now());
    report.outcome = Outcome::done;
    on_start(report.start);
    while (report.frames < record.frames && !*options.stop && disk_ok) {
        if (!transport.follow(report))
            break;
        const int64_t now = transport.now();
        const int64_t next = report.start + report.frames;
        const auto wanted =
            static_cast<uint64_t>(std::clamp<int64_t>(now - next, 0, record.frames - report.frames));
        // A full queue waits for the disk: the ring keeps the frames for a while, and what it loses is
        // counted.
        const FrameQueue::Span room = queue.room(std::min(wanted, block_frames));
        if (room.frames == 0) {
            pause_transport();
            continue;
        }
        const auto frames = static_cast<int64_t>(room.frames);
        const RegionReader::Result result =
            reader.read(next, frames, options.first, record.channels, now, room.data);
        report.late += result.lost;
        report.silent += result.silent;
        report.frames += frames;
        queue.written(room.frames);
    }
    queue.close();
    disk.join();
    if (!disk_ok) {
        report.outcome = Outcome::failed;
        report.problem = options.file + ": the disk refused to write";
    } else if (report.outcome == Outcome::done && report.late + report.silent > 0) {
        report.outcome = Outcome::degraded;
    }
    return report;
}

} // namespace tutti::hal
