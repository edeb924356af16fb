import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lab, repository } from '../harness/lab.ts';
import { Ptp4l } from '../harness/ptp4l.ts';
import { ClockWatch } from '../harness/timeline.ts';
import { Tutti } from '../harness/tutti.ts';
import { sleep, until } from '../harness/wait.ts';
import { microseconds } from './quantiles.ts';
import type { Soak } from './soak.ts';

const rate = 20_000;
const settlingMs = 20_000;
/** Of a core: so much one who floods may cost. */
const mostLoad = 0.25;
const mostNs = 50_000;

/** Not Pdelay_Req: our answers, as anybody's, make ptp4l call its port faulty (docs/clock.md). */
const floods = [
  { name: 'nothing', kind: undefined },
  { name: 'Management errors, as some devices do', kind: 'management' },
  { name: 'PTPv1 Sync', kind: 'ptpv1' },
  { name: 'bytes that are no message', kind: 'garbage' },
  { name: 'Announce of invented masters', kind: 'announce' },
  { name: 'Sync of invented masters', kind: 'sync' },
  { name: 'Delay_Req of invented followers', kind: 'delay' },
] as const;

export const soak: Soak = {
  about: 'floods on 224.0.1.129 while it follows ptp4l: what they cost, and that it stays locked',
  seconds: 20,
  page: 'docs/clock.md',
  async run(seconds) {
    const lines = [
      `${rate} messages a second, ${seconds} s of each kind, each from another sender that does not exist, while ptp4l is followed on the`,
      "same cable. CPU is the clock's thread, of one core; the interrupts that bring the packets are not in it.",
      '',
      '| flood | CPU | not locked | steps | error, median µs | max |',
      '| --- | --- | --- | --- | --- | --- |',
    ];
    const problems: string[] = [];
    const lab = new Lab();
    try {
      await Ptp4l.master(lab, lab.peer);
      const tutti = await Tutti.start(lab);
      await tutti.ok('clock', 'use', 'ptp');
      await until('the clock to lock', async () => (await tutti.status()).clock.state === 'locked', 20_000);
      await sleep(settlingMs);
      for (const { name, kind } of floods) {
        console.log(`${name} ...`);
        const watch = new ClockWatch(tutti);
        await watch.reaches('locked');
        const before = clockThreadSeconds(tutti.enginePid);
        if (kind === undefined) {
          await sleep(seconds * 1000);
        } else {
          const options = { kind, interface: lab.peer.address, rate, seconds };
          const line = Object.entries(options).flatMap(([option, value]) => [`--${option}`, `${value}`]);
          await lab.run(lab.peer, join(repository, 'build/tools/ptp_flood'), line);
        }
        const load = (clockThreadSeconds(tutti.enginePid) - before) / seconds;
        const error = await watch.end();
        const cells = [name, `${(100 * load).toFixed(1)} %`, error.notLocked, error.steps];
        lines.push(`| ${[...cells, microseconds(error.medianNs), microseconds(error.maxNs)].join(' | ')} |`);
        if (load > mostLoad) problems.push(`${name}: ${(100 * load).toFixed(0)} % of a core`);
        if (error.notLocked + error.steps > 0) problems.push(`${name}: it did not stay locked`);
        if (!(error.maxNs < mostNs)) problems.push(`${name}: ${microseconds(error.maxNs)} µs off`);
      }
      await tutti.stop();
    } finally {
      await lab.remove();
    }
    return { lines, problems };
  },
};

/** CPU time of the thread that runs PTP. */
function clockThreadSeconds(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  const task = readdirSync(tasks).find(
    (each) => readFileSync(join(tasks, each, 'comm'), 'utf8') === 'tutti-ptp\n',
  );
  if (task === undefined) throw new Error('the engine has no thread for PTP');
  // proc(5): utime and stime are fields 14 and 15, in ticks of 10 ms; the name before them may hold blanks.
  const fields =
    readFileSync(join(tasks, task, 'stat'), 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
