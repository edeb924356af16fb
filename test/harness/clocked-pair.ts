import type { ReceiverInfo, SenderInfo } from '@tutti/common';
import type { Lab } from './lab.ts';
import type { Program } from './process.ts';
import { ClockWatch, mark, MarkListener, type Heard, type Run } from './timeline.ts';
import { Tutti } from './tutti.ts';
import { sleep, until } from './wait.ts';

const rate = 48_000;
/** Long enough for machines whose threads are held up for tens of milliseconds. */
const linkOffsetMs = 200;
const channel = 1;

/**
 * Two instances on PTP, `a` sending to `b` a signal whose every frame says its own index: what `b` hears tells sample by
 * sample by how much later it is there.
 */
export class ClockedPair {
  /** In frames. */
  static readonly linkOffset = (linkOffsetMs * rate) / 1000;
  static readonly sampleNs = 1e9 / rate;

  private player: Program | undefined;

  private constructor(
    readonly a: Tutti,
    readonly b: Tutti,
    readonly watchA: ClockWatch,
    readonly watchB: ClockWatch,
    readonly sender: SenderInfo,
  ) {}

  /** Resolves when both are locked to a master that is there already, and `b` hears `a`. */
  static async start(lab: Lab): Promise<ClockedPair> {
    const [a, b] = [await Tutti.start(lab, lab.tutti), await Tutti.start(lab, lab.peer)];
    const watches = [];
    for (const tutti of [a, b]) {
      await tutti.ok('clock', 'use', 'ptp');
      await lockedTo(tutti);
      watches.push(new ClockWatch(tutti));
    }
    const [watchA, watchB] = watches;
    if (!watchA || !watchB) throw new Error('two were started');
    await Promise.all([watchA.reaches('locked'), watchB.reaches('locked')]);
    const sender = await a.ok<SenderInfo>(
      ...['sender', 'add', '--name', 'Marks', '--channels', `${channel}-2`, '--dest', '239.10.9.1:5004'],
    );
    const options = ['--map', `1-2:${channel}-2`, '--link-offset', String(linkOffsetMs)];
    const receiver = await b.receive(await a.sdpOf(sender), ...options);
    if (receiver.timing !== 'shared') throw new Error(`not on our clock: ${JSON.stringify(receiver)}`);
    const pair = new ClockedPair(a, b, watchA, watchB, sender);
    pair.player = mark(a, channel);
    await until('packets', async () => ((await pair.receiver()).counters['packets'] ?? 0) > 100);
    await sleep(2 * linkOffsetMs);
    return pair;
  }

  async receiver(): Promise<ReceiverInfo> {
    const [receiver] = await this.b.receivers();
    if (!receiver) throw new Error('no receiver');
    return receiver;
  }

  listen(): MarkListener {
    return new MarkListener(this.b, channel, this.a);
  }

  async stop(): Promise<void> {
    await this.player?.stop('SIGTERM');
    await Promise.all([this.a.stop(), this.b.stop()]);
  }
}

/** Resolves with the grandmaster that the instance is locked to, by its own word. */
export async function lockedTo(tutti: Tutti): Promise<string> {
  return until(
    'the clock to lock',
    async () => {
      const { source, state, grandmaster } = (await tutti.status()).clock;
      return source === 'ptp' && state === 'locked' ? grandmaster : undefined;
    },
    20_000,
  );
}

/** What was heard besides one unbroken stretch at the link offset; nothing is as it should be. */
export function breaks({ runs, leftOut }: Heard): readonly Run[] {
  if (runs.length === 1 && runs[0]?.delay === ClockedPair.linkOffset && leftOut === 0) return [];
  return runs.length === 0 ? [{ delay: null, frames: 0, beginMs: 0, endMs: 0 }] : runs;
}
