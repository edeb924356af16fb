import { Emitter, type Disposable } from '@tutti/base';
import type { ReceiverInfo } from '@tutti/common';
import type { Host } from '../../api/host.ts';
import { counter } from '../../widgets/counters.ts';

/** One second of a receiver's past. */
export interface StreamSample {
  /** Seconds since 1970. */
  readonly at: number;
  /** Packets in this second. */
  readonly packets: number;
  readonly lost: number;
  readonly late: number;
  /** Margin of arrival, least and most, ms. */
  readonly marginMin?: number;
  readonly marginMax?: number;
  /** Audio that waits for its time, ms: for a shared clock what is between arrival and playout. */
  readonly buffered?: number;
}

/** Ten minutes: what a person still remembers when they come to look. */
const mostSamples = 600;
const sampleMs = 1000;

/** Remembers, from when the page opened, what the counters of each receiver did from second to second. */
export class StreamHistory implements Disposable {
  readonly #host: Host;
  readonly #samples = new Map<string, readonly StreamSample[]>();
  readonly #before = new Map<string, ReceiverInfo['counters']>();
  readonly #changed = new Emitter<void>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(host: Host) {
    this.#host = host;
    this.#timer = setInterval(() => this.#sample(Date.now() / 1000), sampleMs);
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    const subscription = this.#changed.event(changed);
    return () => subscription.dispose();
  };

  /** Oldest first; keeps its identity until the next sample. */
  of(receiver: string): readonly StreamSample[] {
    return this.#samples.get(receiver) ?? none;
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#changed.dispose();
  }

  #sample(at: number): void {
    const { state, connection } = this.#host.getView();
    if (connection !== 'live') return;
    const receivers = state?.receivers ?? [];
    const present = new Set(receivers.map(({ id }) => id));
    for (const id of this.#samples.keys()) if (!present.has(id)) this.#samples.delete(id);
    for (const receiver of receivers) {
      const before = this.#before.get(receiver.id);
      this.#before.set(receiver.id, receiver.counters);
      if (before) {
        const samples = [...this.of(receiver.id), streamSample(receiver, before, at)];
        this.#samples.set(receiver.id, samples.slice(-mostSamples));
      }
    }
    this.#changed.fire();
  }
}

const none: readonly StreamSample[] = [];

/** What the counters did since `before`. A counter that fell belongs to a stream that began anew: it counts from zero. */
export function streamSample(
  { counters, timing }: Pick<ReceiverInfo, 'counters' | 'timing'>,
  before: ReceiverInfo['counters'],
  at: number,
): StreamSample {
  const rise = (...names: readonly string[]): number => {
    const sum = (of: ReceiverInfo['counters']): number =>
      names.reduce((total, name) => total + counter(of, name), 0);
    const [now, then] = [sum(counters), sum(before)];
    return now >= then ? now - then : now;
  };
  const packets = rise('packets');
  const late = rise('late', 'missingFrames');
  const base = { at, packets, lost: rise('lost'), late };
  if (packets === 0) return base;
  const [least, most] = [counter(counters, 'marginMinNs') / 1e6, counter(counters, 'marginMaxNs') / 1e6];
  const buffered = timing === 'resample' ? counter(counters, 'bufferedNs') / 1e6 : (least + most) / 2;
  return { ...base, marginMin: least, marginMax: most, buffered };
}

const byHost = new WeakMap<Host, StreamHistory>();

/** One for each host, from the first time that anybody asks. */
export function streamHistoryOf(host: Host): StreamHistory {
  const history = byHost.get(host) ?? new StreamHistory(host);
  byHost.set(host, history);
  return history;
}
