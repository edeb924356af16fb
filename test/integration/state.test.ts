import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository, type Lab } from '../harness/lab.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep } from '../harness/wait.ts';

const killsEach = 50;
/** As long as `serve` may take: these machines start two hosts and two engines at once. */
const startMs = 30_000;

describe('host and engine killed while state is being written', () => {
  const lab = useLab();

  test.each([
    [0, 1],
    [2, 3],
  ])(
    `${killsEach} times each (instances %i and %i): state always loads, and what was acknowledged is there`,
    { timeout: 600_000 },
    async (...instances) => {
      await Promise.all(instances.map((instance) => killAgainAndAgain(lab(), instance)));
    },
  );
});

async function killAgainAndAgain(lab: Lab, instance: number): Promise<void> {
  const tutti = new Tutti(lab, lab.tutti);
  let asked = 0;
  let done = 0;
  for (let round = 0; round < killsEach; ++round) {
    await tutti.serveOnly();
    const renaming = lab.start(lab.tutti, process.execPath, [
      ...[join(repository, 'test/tools/rename-device.mjs'), tutti.url],
      String(asked + 1),
    ]);
    const [, engine] = await renaming.waitFor(/^engine (\d+)$/m, startMs);
    const [, name = ''] = await renaming.waitFor(/^found (.*)$/m, startMs);
    if (round > 0) {
      const number = Number(/^device (\d+)$/.exec(name)?.[1]);
      expect(number, `round ${round} of instance ${instance}: ${name}`).toBeGreaterThanOrEqual(done);
      expect(number).toBeLessThanOrEqual(asked);
    }
    await renaming.waitFor(/^done/m, startMs);
    await sleep((round * 37) % 100); // spread over everything that a write consists of
    await Promise.all([tutti.killHost(), process.kill(Number(engine), 'SIGKILL')]);
    await renaming.exited;
    asked = lastNumber(renaming.stdout, 'asked');
    done = lastNumber(renaming.stdout, 'done');
  }
  await tutti.serve();
  await tutti.stop();
  expect(readdirSync(tutti.data).filter((name) => name.includes('.damaged'))).toEqual([]);
}

function lastNumber(text: string, word: string): number {
  return Number([...text.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
}
