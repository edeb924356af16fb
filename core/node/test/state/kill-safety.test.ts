import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JsonStore, type DamageReport } from '../../src/state/json-store.ts';
import { readStoredState, storedStateVersion } from '../../src/state/stored-state.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const kills = 30;
const folder = temporaryFolder();
const program = join(folder.path, 'write-loop.mjs');

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'write-loop.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
});
afterAll(() => folder.dispose());

/** Runs the write loop and kills it some time after its first save. @returns the last number it said. */
function killWhileWriting(path: string, afterMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (said === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
      said += chunk.toString();
    });
    child.on('close', (code) => {
      if (code !== null) reject(new Error(`the writer ended by itself: ${said}`));
      else resolve(Number(said.trimEnd().split('\n').at(-1)));
    });
  });
}

describe('state that is being written when the process is killed', () => {
  it(`loads after each of ${kills} kills, with nothing lost that was reported as saved`, async () => {
    const path = join(folder.path, 'state.json');
    const damage: DamageReport[] = [];
    let last = 0;
    for (let i = 0; i < kills; i += 1) {
      const saved = await killWhileWriting(path, Math.random() * 20);
      const store = new JsonStore({
        path,
        version: storedStateVersion,
        check: readStoredState,
        onDamage: (report) => damage.push(report),
      });
      const state = await store.load();
      expect(damage).toEqual([]);
      expect(state?.nextId).toBeGreaterThanOrEqual(saved);
      expect(state?.nextId).toBeGreaterThanOrEqual(last);
      last = state?.nextId ?? 0;
    }
  }, 120_000);
});
