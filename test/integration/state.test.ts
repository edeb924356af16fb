import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DeviceInfo } from '@tutti/common';
import { repository, type Lab } from '../harness/lab.ts';
import { Tutti } from '../harness/tutti.ts';
import { useLab } from '../harness/use-lab.ts';
import { sleep } from '../harness/wait.ts';

const instances = 4;
const killsEach = 50;

describe('host and engine killed while state is being written', () => {
  const lab = useLab();

  test(
    `${instances * killsEach} times: state always loads, and what was acknowledged is there`,
    { timeout: 600_000 },
    async () => {
      await Promise.all(Array.from({ length: instances }, (_, i) => killAgainAndAgain(lab(), i)));
    },
  );
});

async function killAgainAndAgain(lab: Lab, instance: number): Promise<void> {
  const tutti = new Tutti(lab, lab.tutti);
  let asked = 0;
  let done = 0;
  for (let round = 0; round < killsEach; ++round) {
    await tutti.serve();
    const number = await deviceNumber(tutti);
    if (number !== undefined) {
      expect(number, `round ${round} of instance ${instance}`).toBeGreaterThanOrEqual(done);
      expect(number).toBeLessThanOrEqual(asked);
    }
    const renaming = lab.start(lab.tutti, process.execPath, [
      ...[join(repository, 'test/tools/rename-device.mjs'), tutti.url, join(tutti.data, 'token')],
      String(asked + 1),
    ]);
    await renaming.waitFor(/done/);
    await sleep((round * 37) % 100); // spread over everything that a write consists of
    const engine = tutti.enginePid;
    await Promise.all([tutti.killHost(), process.kill(engine, 'SIGKILL')]);
    await renaming.exited;
    asked = lastNumber(renaming.stdout, 'asked');
    done = lastNumber(renaming.stdout, 'done');
  }
  await tutti.serve();
  await tutti.stop();
  expect(readdirSync(tutti.data).filter((name) => name.includes('.damaged'))).toEqual([]);
}

async function deviceNumber(tutti: Tutti): Promise<number | undefined> {
  const { name } = await tutti.ok<DeviceInfo>('device', 'show');
  const number = /^device (\d+)$/.exec(name)?.[1];
  return number === undefined ? undefined : Number(number);
}

function lastNumber(text: string, word: string): number {
  return Number([...text.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
}
