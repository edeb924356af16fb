import type { ClockReference, ClockRunner } from '@tutti/test';

/** The computer's own wall clock, as the library under test sees it. */
export function wallReference(runner: ClockRunner): ClockReference {
  // Date.now() is exact at the moment when it changes, and read late or not at all: the earliest reading counts.
  let offset = -(1n << 62n);
  for (let i = 0; i < 20; i += 1) {
    const before = Date.now();
    while (Date.now() === before);
    const here = BigInt(before + 1) * 1_000_000n - process.hrtime.bigint();
    if (here > offset) offset = here;
  }
  return {
    mediaAt: (localNs) => localNs + offset,
    step: async (ns) => {
      offset += ns;
      await runner.ask(`step ${ns}`);
    },
    slew: async (ppm) => void (await runner.ask(`slew ${ppm}`)),
    dispose: () => undefined,
  };
}
