import type { ClockReference } from './clock-conformance.ts';
import type { ClockRunner } from './clock-runner.ts';

/**
 * The computer's own wall clock (CLOCK_REALTIME) as the library under test sees it: a step, a slew and a loss happen to the
 * library's process only. While it is lost, `clock_gettime` fails there.
 */
export function wallClockReference(runner: ClockRunner): ClockReference {
  // Date.now() is exact at the moment when it changes, and read late or not at all: the earliest reading counts.
  let offset = -(1n << 62n);
  for (let i = 0; i < 20; i += 1) {
    const before = Date.now();
    while (Date.now() === before);
    const here = BigInt(before + 1) * 1_000_000n - process.hrtime.bigint();
    if (here > offset) offset = here;
  }
  const tell = async (line: string): Promise<void> => void (await runner.ask(line));
  return {
    mediaAt: (localNs) => localNs + offset,
    step: (ns) => {
      offset += ns;
      return tell(`step ${ns}`);
    },
    slew: (ppm) => tell(`slew ${ppm}`), // of all clocks: their difference stays
    lose: () => tell('lose'),
    giveBack: () => tell('give-back'),
    dispose: () => undefined,
  };
}
