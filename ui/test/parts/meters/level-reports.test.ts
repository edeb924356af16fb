import { expect, it } from 'vitest';
import { Ballistics } from '../../../src/parts/meters/ballistics.ts';
import type { LevelReport } from '../../../src/parts/meters/level-messages.ts';
import { LevelReports } from '../../../src/parts/meters/level-reports.ts';

it('a report has the highest peak since the one before, and the levels that are shown', () => {
  const levels = { input: new Ballistics(2), output: new Ballistics(1) };
  const posted: LevelReport[] = [];
  // As a thread gets it: a copy.
  const reports = new LevelReports(
    (side) => levels[side],
    (report) => posted.push(structuredClone(report)),
  );
  levels.input.feed(Float32Array.of(0.5, 1), 0);
  reports.feed({ inputs: Float32Array.of(0.5, 0.25), outputs: Float32Array.of(0) });
  reports.feed({ inputs: Float32Array.of(0.125, 0.75), outputs: Float32Array.of(0) });
  reports.report();
  reports.report();
  expect(posted.map(({ input }) => [...input.peaks])).toEqual([
    [0.5, 0.75],
    [0, 0],
  ]);
  expect(posted[1]?.input.level[0]).toBeCloseTo(-6.02, 2);
  expect([...(posted[1]?.input.over ?? [])]).toEqual([0, 1]);
});
