import { ClockedPair } from '../harness/clocked-pair.ts';
import { Lab, type Station } from '../harness/lab.ts';
import { PacketFilter } from '../harness/packet-filter.ts';
import { Ptp4l } from '../harness/ptp4l.ts';
import { ClockWatch, type ClockChange, type Heard } from '../harness/timeline.ts';
import { sleep, until } from '../harness/wait.ts';
import { microseconds } from './quantiles.ts';
import type { Soak } from './soak.ts';

const roundSeconds = 120;
const sinceBootNs = -1_700_000_000n * 1_000_000_000n;
const afterMs = 3000;

/** A pair of instances and the masters of the moment. */
interface Stage {
  readonly pair: ClockedPair;
  readonly places: readonly [Station, Station];
  master: Ptp4l;
}

interface Fault {
  readonly name: string;
  readonly steps: 0 | 1;
  /** Does it; resolves when it is over and the network is as it should be, with when it began, ms since 1970. */
  readonly happen: (stage: Stage, lab: Lab) => Promise<number>;
}

const faults: readonly Fault[] = [
  {
    name: 'master paused for 100 ms',
    steps: 0,
    async happen({ master }) {
      const begin = Date.now();
      master.program.signal('SIGSTOP');
      await sleep(100);
      master.program.signal('SIGCONT');
      return begin;
    },
  },
  {
    name: '200 Sync lost in a row, 8 a second',
    steps: 0,
    async happen({ pair }) {
      const filters = [pair.a, pair.b].map(({ at }) => new PacketFilter(at));
      const begin = Date.now();
      for (const filter of filters) filter.drop('udp dport 319 @th,68,4 0'); // messageType 0 (IEEE 1588 s.13.3)
      await until('200 lost Sync', () => filters.every((each) => each.dropped() >= 200), 60_000, 200);
      for (const filter of filters) filter.remove();
      return begin;
    },
  },
  {
    name: 'master killed, back after 5 s',
    steps: 0,
    async happen(stage, lab) {
      const { identity } = stage.master;
      const begin = Date.now();
      await stage.master.kill();
      await sleep(5000);
      stage.master = await Ptp4l.master(lab, stage.places[0], { priority1: 100, identity });
      return begin;
    },
  },
  {
    name: 'master killed, another that agrees takes over',
    steps: 0,
    async happen(stage, lab) {
      const next = Ptp4l.standby(lab, stage.places[1], { priority1: 110 });
      await sleep(3000);
      const begin = Date.now();
      await stage.master.kill();
      await next.program.waitFor(/assuming the grand master role/, 20_000);
      stage.master = next;
      return begin;
    },
  },
  {
    name: 'a better master whose time is 53 years back takes over',
    steps: 1,
    async happen(stage, lab) {
      const next = await Ptp4l.master(lab, stage.places[0], { priority1: 50, aheadNs: sinceBootNs });
      const begin = Date.now();
      await until('the step', () => stage.pair.watchA.changes().some((each) => each.steps > 0), 20_000);
      await stage.master.kill();
      stage.master = next;
      return begin;
    },
  },
];

export const soak: Soak = {
  about: 'pauses, lost Sync, dead and other masters while one instance sends to another',
  seconds: roundSeconds,
  page: 'docs/clock.md',
  async run(seconds) {
    const lines = [
      '"Noticed" is the time until holdover, "locked" until it is over, both of the slower of two instances; error: the most by',
      'which media time is off while locked, at a step when it is locked again. Audio goes from one to the other all the time.',
      '',
      '| fault | noticed, s | locked, s | steps | error, µs | most bend in 2 ms, µs | audio |',
      '| --- | --- | --- | --- | --- | --- | --- |',
    ];
    const problems: string[] = [];
    for (let round = 0; round < Math.max(1, Math.round(seconds / roundSeconds)); ++round) {
      const lab = new Lab(['first', 'second']);
      try {
        const [first, second] = lab.others;
        if (!first || !second) throw new Error('the lab has two more');
        const master = await Ptp4l.master(lab, first, { priority1: 100 });
        const stage: Stage = { pair: await ClockedPair.start(lab), places: [first, second], master };
        for (const fault of faults) {
          console.log(`${fault.name} ...`);
          const { row, problem } = await measure(fault, stage, lab);
          lines.push(`| ${fault.name} | ${row.join(' | ')} |`);
          if (problem !== undefined) problems.push(`${fault.name}: ${problem}`);
        }
        await stage.pair.stop();
      } finally {
        await lab.remove();
      }
    }
    return { lines, problems };
  },
};

async function measure(fault: Fault, stage: Stage, lab: Lab) {
  const { pair } = stage;
  // What is right changes with the last fault; until then it is CLOCK_REALTIME.
  const watches = [pair.a, pair.b].map((tutti) => new ClockWatch(tutti, fault.steps > 0 ? sinceBootNs : 0n));
  const listener = pair.listen();
  await Promise.all(watches.map((watch) => watch.reaches('locked')));
  await sleep(500);
  const begin = await fault.happen(stage, lab);
  await sleep(afterMs);
  await until('both to be locked', () => watches.every((each) => each.changes().at(-1)?.state === 'locked'));
  await sleep(afterMs);
  const changes = watches.map((watch) => watch.changes());
  const errors = await Promise.all(watches.map((watch) => watch.end()));
  const heard = await listener.end();

  const slower = (pick: (all: ClockChange[]) => number | undefined) => {
    const times = changes.map((all) => pick(all.filter(({ atMs }) => atMs > begin)));
    return times.some((time) => time === undefined)
      ? '-'
      : ((Math.max(...times.map(Number)) - begin) / 1000).toFixed(1);
  };
  const noticed = slower((all) => all.find(({ state }) => state === 'holdover')?.atMs);
  const locked = slower((all) => all.findLast(({ state }) => state === 'locked')?.atMs);
  const steps = errors.map((each) => each.steps);
  const audio = audioOf(heard);
  // A step takes the clock out of the truth that is compared with before it: there only its end counts.
  const worst = fault.steps > 0 ? last(changes) : Math.max(...errors.map(({ maxNs }) => maxNs));
  const bend = Math.max(...errors.map(({ mostBendNs }) => mostBendNs));
  const wrong = steps.some((count) => count !== fault.steps) || audio.gapMs > (fault.steps > 0 ? 2000 : 0);
  return {
    row: [noticed, locked, steps.join(' and '), microseconds(worst), microseconds(bend), audio.text],
    problem: wrong ? `${steps.join(' and ')} steps, audio: ${audio.text}` : undefined,
  };
}

function last(changes: readonly (readonly ClockChange[])[]): number {
  return Math.max(...changes.map((all) => Math.abs(all.at(-1)?.errorNs ?? NaN)));
}

/** Everything that is not at the link offset counts as a gap. */
function audioOf({ runs }: Heard): { readonly text: string; readonly gapMs: number } {
  const good = runs.filter(({ delay }) => delay === ClockedPair.linkOffset);
  const [begin, end] = [runs[0]?.beginMs ?? NaN, runs.at(-1)?.endMs ?? NaN];
  const played = good.reduce((sum, run) => sum + (run.endMs - run.beginMs), 0);
  if (good.length === 1 && runs.length === 1) {
    return { text: `unbroken, ${good[0]?.frames ?? 0} frames at the link offset`, gapMs: 0 };
  }
  const gapMs = Math.round(end - begin - played);
  return { text: `${gapMs} ms without, then again at the link offset`, gapMs };
}
