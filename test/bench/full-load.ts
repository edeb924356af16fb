import { join } from 'node:path';
import type { SenderInfo } from '@tutti/common';
import { gstreamerReceiverPipeline } from '../harness/gstreamer.ts';
import { Lab, repository, type Station } from '../harness/lab.ts';
import { ip } from '../harness/namespaces.ts';
import type { Program } from '../harness/process.ts';
import { foreignSdp, payloadBytes, type Stream } from '../harness/stream.ts';
import { Tutti } from '../harness/tutti.ts';
import { sleep, until } from '../harness/wait.ts';
import { processLoad } from './cpu-time.ts';

/** 128 channels each way, cut into equal streams. */
export interface Load {
  readonly name: string;
  readonly streams: number;
  readonly channels: number;
  readonly frames: number;
  readonly packetMs: number;
}

export interface Measured {
  /** Share of one core, 1 is a whole one. */
  readonly cores: number;
  /** Packets that came in during the measurement but that its sockets could not hold. */
  readonly dropped: number;
  /** Packets that left, as a share of those that should have. */
  readonly sent: number;
}

const rate = 48_000;
const warmUpSeconds = 3;
const incoming = '239.30.1';
const outgoing = '239.30.2';

/** Our engine's process: receivers into the ring, senders from the ring. */
export async function measureTutti(load: Load, seconds: number): Promise<Measured> {
  const lab = new Lab();
  try {
    const tutti = await Tutti.start(lab);
    for (const [i, stream] of streamsOf(load, incoming).entries()) {
      const sdp = foreignSdp(stream, lab.peer.address, `in ${i}`, i + 1);
      await tutti.receive(
        sdp,
        '--map',
        `1-${load.channels}:${channelsOf(load, i)}`,
        '--link-offset',
        '20',
        '--timing',
        'arrival',
      );
    }
    for (const [i, stream] of streamsOf(load, outgoing).entries()) {
      await tutti.ok<SenderInfo>(
        ...['sender', 'add', '--name', `out ${i}`, '--channels', channelsOf(load, i)],
        ...['--ptime', `${load.packetMs}`, '--dest', `${stream.address}:${stream.port}`],
      );
    }
    const blast = startBlast(lab, load, seconds + 20);
    await until('packets', async () =>
      (await tutti.receivers()).every((r) => (r.counters['packets'] ?? 0) > 1000),
    );
    const measured = await measure(load, tutti.at, tutti.enginePid, seconds);
    await blast.stop('SIGKILL');
    await tutti.stop();
    return measured;
  } finally {
    await lab.remove();
  }
}

/** One gst-launch process with as many pipelines: it decodes to nowhere and sends silence. */
export async function measureGStreamer(load: Load, seconds: number): Promise<Measured> {
  const lab = new Lab();
  try {
    const wire = lab.tutti.interface;
    const pipelines = [
      ...streamsOf(load, incoming).flatMap((stream) => gstreamerReceiverPipeline(stream, wire, 'fakesink')),
      ...streamsOf(load, outgoing).flatMap((stream) => silencePipeline(stream, wire)),
    ];
    const gstreamer = lab.start(lab.tutti, 'gst-launch-1.0', ['-q', ...pipelines]);
    const blast = startBlast(lab, load, seconds + 20);
    await sleep(2000);
    const measured = await measure(load, lab.tutti, gstreamer.pid, seconds);
    if (!gstreamer.running) throw gstreamer.failure('GStreamer ended');
    await blast.stop('SIGKILL');
    return measured;
  } finally {
    await lab.remove();
  }
}

async function measure(load: Load, at: Station, pid: number, seconds: number): Promise<Measured> {
  await sleep(warmUpSeconds * 1000);
  const before = { dropped: socketDrops(at), sent: packetsSent(at), time: performance.now() };
  const cores = await processLoad(pid, seconds);
  const due = (((performance.now() - before.time) / 1000) * load.streams * rate) / load.frames;
  return { cores, dropped: socketDrops(at) - before.dropped, sent: (packetsSent(at) - before.sent) / due };
}

function streamsOf({ streams, channels, frames }: Load, network: string): Stream[] {
  return Array.from({ length: streams }, (_, i) => ({
    ...{ encoding: 'L24' as const, rate, channels, frames },
    ...{ address: `${network}.${i + 1}`, port: 5004, payloadType: 98 },
  }));
}

function channelsOf({ channels }: Load, index: number): string {
  return `${index * channels + 1}-${(index + 1) * channels}`;
}

/** Silence that is wire samples already: audioconvert 1.22 crashes at 64 channels, so GStreamer is spared converting. */
function silencePipeline(stream: Stream, wire: string): string[] {
  const packetNs = Math.ceil((stream.frames * 1e9) / stream.rate);
  const bytes = payloadBytes(stream);
  return [
    ...['fakesrc', 'is-live=true', 'format=time', 'filltype=zero', 'sizetype=fixed', `sizemax=${bytes}`],
    ...[`datarate=${(bytes * rate) / stream.frames}`, '!'],
    `audio/x-raw,format=S24BE,rate=${rate},channels=${stream.channels},layout=interleaved,channel-mask=(bitmask)0x0`,
    ...['!', 'rtpL24pay', 'pt=98', `mtu=${bytes + 12}`, `min-ptime=${packetNs}`, `max-ptime=${packetNs}`],
    ...[
      '!',
      'udpsink',
      `host=${stream.address}`,
      `port=${stream.port}`,
      `multicast-iface=${wire}`,
      'ttl-mc=4',
    ],
  ];
}

function startBlast(lab: Lab, load: Load, seconds: number): Program {
  const [first] = streamsOf(load, incoming);
  if (!first) throw new Error('a load has streams');
  return lab.start(lab.peer, join(repository, 'build/tools/rtp_blast'), [
    ...['--group', first.address, '--streams', `${load.streams}`, '--interface', lab.peer.address],
    ...['--payload', `${payloadBytes(first)}`, '--frames', `${load.frames}`, '--rate', `${rate}`],
    ...['--seconds', `${seconds}`],
  ]);
}

/** Packets that the UDP sockets of a namespace have dropped so far: the last column of /proc/net/udp. */
function socketDrops(at: Station): number {
  const table = ip('netns', 'exec', at.namespace, 'cat', '/proc/net/udp');
  const rows = table.trim().split('\n').slice(1);
  return rows.reduce((sum, row) => sum + Number(row.trim().split(/\s+/).at(-1)), 0);
}

function packetsSent(at: Station): number {
  const [link] = JSON.parse(ip('-n', at.namespace, '-s', '-j', 'link', 'show', at.interface)) as [
    { readonly stats64: { readonly tx: { readonly packets: number } } },
  ];
  return link.stats64.tx.packets;
}
