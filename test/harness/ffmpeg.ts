import { writeFileSync } from 'node:fs';
import type { Lab, Station } from './lab.ts';
import type { Program } from './process.ts';
import { payloadBytes, wireFormat, type Stream } from './stream.ts';

const quiet = ['-hide_banner', '-nostdin', '-loglevel', 'warning'];

/**
 * `ffmpeg` sending what comes in on `input`. Left alone it cuts blocks of 4096 frames into packets of different sizes and
 * sends them in bursts; here each packet is one frame of its own and waits for its time (asetnsamples, arealtime).
 */
export function ffmpegSend(lab: Lab, at: Station, stream: Stream, input: number): Program {
  const codec = `pcm_${wireFormat(stream)}`;
  return lab.start(
    at,
    'ffmpeg',
    [
      ...quiet,
      ...['-f', wireFormat(stream), '-ar', `${stream.rate}`, '-ac', `${stream.channels}`, '-i', 'pipe:0'],
      ...['-af', `asetnsamples=n=${stream.frames}:p=0,arealtime`, '-c:a', codec],
      ...['-payload_type', `${stream.payloadType}`, '-f', 'rtp'],
      `rtp://${stream.address}:${stream.port}?ttl=4&pkt_size=${payloadBytes(stream) + 12}&localaddr=${at.address}`,
    ],
    { stdin: input, punctual: true },
  );
}

/** `ffmpeg` receiving what `sdp` describes into `output`, without decoding: exactly the bytes of the wire. */
export function ffmpegReceive(lab: Lab, at: Station, stream: Stream, sdp: string, output: number): Program {
  const file = lab.file('ffmpeg.sdp');
  writeFileSync(file, sdp);
  return lab.start(
    at,
    'ffmpeg',
    [
      ...quiet,
      ...['-protocol_whitelist', 'file,udp,rtp', '-analyzeduration', '100000', '-buffer_size', '4000000'],
      ...['-reorder_queue_size', '64', '-localaddr', at.address, '-i', file],
      ...['-c:a', 'copy', '-flush_packets', '1', '-f', wireFormat(stream), 'pipe:1'],
    ],
    { stdout: output, punctual: true },
  );
}
