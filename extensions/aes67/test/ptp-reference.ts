import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until, type ClockReference } from '@tutti/test';

const program = join(import.meta.dirname, '../../../build/plain/aes67/ptp_reference');

/** A PTP master on the loopback interface (native/test/reference). */
export async function ptpReference(domain: number): Promise<ClockReference> {
  const master = spawn(program, [String(domain)], { stdio: ['pipe', 'pipe', 'inherit'] });
  let failure: Error | undefined;
  master.once('error', (error) => (failure = error));
  const answers: (readonly [local: bigint, time: bigint])[] = [];
  createInterface(master.stdout).on('line', (line) => {
    const [local = '0', time = '0'] = line.split(' ');
    answers.push([BigInt(local), BigInt(time)]);
  });
  const next = async (count: number): Promise<void> => {
    await until('the PTP master to answer', () => answers.length >= count || failure !== undefined);
    if (failure !== undefined) throw failure;
  };
  const tell = async (line: string): Promise<void> => {
    const count = answers.length + 1;
    master.stdin.write(`${line}\n`);
    await next(count);
  };
  let ppm = 0;
  await next(1);
  return {
    mediaAt: (localNs) => {
      const [local, time] = answers.at(-1) ?? [0n, 0n];
      const since = localNs - local;
      return time + since + BigInt(Math.round(Number(since) * ppm * 1e-6));
    },
    step: (ns) => tell(`step ${ns}`),
    slew: async (faster) => {
      await tell(`slew ${faster}`);
      ppm = faster;
    },
    lose: () => tell('silence'),
    giveBack: () => tell('speak'),
    dispose: async () => {
      const closed = new Promise((done) => master.once('close', done));
      master.stdin.end();
      await closed;
    },
  };
}
