import type { Lab, Station } from './lab.ts';
import type { Program } from './process.ts';
import { payloadBytes, wireFormat, type Stream } from './stream.ts';

/** The pipeline that reads raw wire samples from descriptor 0 and sends them as RTP, paced by GStreamer's clock. */
export function gstreamerSenderPipeline(stream: Stream, iface: string, source = 'fdsrc fd=0'): string[] {
  const format = wireFormat(stream).toUpperCase();
  // Exactly this many frames a packet: GStreamer rounds the time down to frames, so it is rounded up here.
  const packetNs = Math.ceil((stream.frames * 1e9) / stream.rate);
  return [
    ...source.split(' '),
    `blocksize=${payloadBytes(stream)}`,
    '!',
    `audio/x-raw,format=${format},rate=${stream.rate},channels=${stream.channels},layout=interleaved,channel-mask=(bitmask)0x${channelMask(stream.channels)}`,
    '!',
    'rawaudioparse',
    'use-sink-caps=true',
    '!',
    `rtp${stream.encoding}pay`,
    `pt=${stream.payloadType}`,
    `mtu=${payloadBytes(stream) + 12}`,
    `min-ptime=${packetNs}`,
    `max-ptime=${packetNs}`,
    '!',
    'udpsink',
    `host=${stream.address}`,
    `port=${stream.port}`,
    `multicast-iface=${iface}`,
    'ttl-mc=4',
    'buffer-size=4000000',
  ];
}

/** The pipeline that receives RTP and writes raw wire samples to descriptor 1. */
export function gstreamerReceiverPipeline(stream: Stream, iface: string, sink = 'fdsink fd=1'): string[] {
  return [
    'udpsrc',
    `address=${stream.address}`,
    `port=${stream.port}`,
    `multicast-iface=${iface}`,
    'buffer-size=4000000',
    `caps=application/x-rtp,media=audio,clock-rate=${stream.rate},encoding-name=${stream.encoding},channels=${channelsForDepayloader(stream)},payload=${stream.payloadType}`,
    '!',
    'rtpjitterbuffer',
    'latency=200',
    '!',
    `rtp${stream.encoding}depay`,
    '!',
    ...sink.split(' '),
    'sync=false',
  ];
}

/** `gst-launch-1.0` sending what comes in on `input`. */
export function gstreamerSend(lab: Lab, at: Station, stream: Stream, input: number): Program {
  return lab.start(at, 'gst-launch-1.0', ['-q', ...gstreamerSenderPipeline(stream, at.interface)], {
    stdin: input,
    punctual: true,
  });
}

/** `gst-launch-1.0` receiving into `output`. */
export function gstreamerReceive(lab: Lab, at: Station, stream: Stream, output: number): Program {
  return lab.start(at, 'gst-launch-1.0', ['-q', ...gstreamerReceiverPipeline(stream, at.interface)], {
    stdout: output,
    punctual: true,
  });
}

/**
 * GStreamer 1.22 takes any 8 channels for 7.1 surround and moves channels 5 to 8 about (gstrtpchannels.h; no caps field
 * stops it). Called mono, the bytes pass as they came; its depayloader uses the count for nothing else.
 */
function channelsForDepayloader(stream: Stream): number {
  return stream.channels === 8 ? 1 : stream.channels;
}

/** Mono and stereo have their places; more channels are without position. */
function channelMask(channels: number): string {
  return channels === 1 ? '4' : channels === 2 ? '3' : '0';
}
