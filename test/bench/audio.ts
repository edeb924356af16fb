import type { Bench } from './bench.ts';
import { measureConversion } from './conversion.ts';
import { measureGStreamer, measureTutti, type Load, type Measured } from './full-load.ts';

const loads: readonly Load[] = [
  { name: '1 ms, 16 streams of 8 channels', streams: 16, channels: 8, frames: 48, packetMs: 1 },
  { name: '125 µs, 16 streams of 8 channels', streams: 16, channels: 8, frames: 6, packetMs: 0.125 },
  { name: '125 µs, 2 streams of 64 channels', streams: 2, channels: 64, frames: 6, packetMs: 0.125 },
];

export const audio: Bench = {
  seconds: 15,
  async measure(seconds) {
    const lines = [
      `${seconds} s each. 128 channels in and 128 out at once, L24, 48 kHz; CPU time of the process (user and system, all`,
      'threads) as a share of one core; "sent" are the packets that left of those that were due, "dropped" those that came',
      'but found no room.',
      '',
      '| load | Tutti engine | sent | dropped | GStreamer 1.22 | sent | dropped | GStreamer / Tutti |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ];
    for (const load of loads) {
      console.log(`${load.name}: Tutti ...`);
      const tutti = await measureTutti(load, seconds);
      console.log(`${load.name}: GStreamer ...`);
      const gstreamer = await measureGStreamer(load, seconds);
      // Only who did the work may be compared: GStreamer does not always come up with this many sockets.
      const ratio =
        gstreamer.sent > 0.9 ? (gstreamer.cores / tutti.cores).toFixed(1) : 'it did not do the work';
      lines.push(`| ${load.name} | ${cells(tutti)} | ${cells(gstreamer)} | ${ratio} |`);
    }
    console.log('conversion ...');
    lines.push(
      '',
      'Conversion between wire and ring beside `memcpy` of the same samples as floats, in the same run:',
      '',
      '| conversion | million samples/s | memcpy | share of memcpy |',
      '| --- | --- | --- | --- |',
      ...measureConversion().map(({ name, speed, memcpy }) => {
        const millions = (value: number) => (value / 1e6).toFixed(0);
        return `| ${name} | ${millions(speed)} | ${millions(memcpy)} | ${(speed / memcpy).toFixed(2)} |`;
      }),
    );
    return lines;
  },
};

function cells({ cores, sent, dropped }: Measured): string {
  return `${(100 * cores).toFixed(1)} % | ${(100 * sent).toFixed(1)} % | ${dropped}`;
}
