import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clockConformance,
  codecConformance,
  wallClockReference,
  type ConformanceCase,
} from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'tutti-broken-'));
const library = join(folder, 'broken.so');

beforeAll(() => {
  const source = join(import.meta.dirname, 'broken/broken.cpp');
  const include = join(import.meta.dirname, '../../../native/include');
  const flags = ['-std=c++20', '-shared', '-fPIC', '-fvisibility=hidden', '-pthread', `-I${include}`];
  execFileSync(process.env['CXX'] ?? 'c++', [...flags, '-o', library, source]);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What each case of a suite says: '' if it is content. */
async function verdicts(cases: readonly ConformanceCase[], about: RegExp): Promise<string> {
  const said: string[] = [];
  for (const { title, run } of cases.filter((each) => about.test(each.title))) {
    await run().catch((error: unknown) => said.push(`${title}: ${String(error)}`));
  }
  return said.join('\n');
}

describe('the suite for codecs', () => {
  const codec = (encoding: string): Promise<string> => verdicts(codecConformance({ library, encoding }), /./);

  it.each(['SOUND', 'STAGED'])(
    'finds nothing wrong with a sound codec: %s',
    async (encoding) => {
      expect(await codec(encoding)).toBe('');
    },
    60_000,
  );

  it.each([
    ['FAR', 'memory outside the block was touched'],
    ['GAP', 'decode wrote between frames'],
    ['LOSS', 'decode and encode lost bits'],
    ['WRAP', 'is not clipped at full scale'],
    ['NAN', 'NaN comes back as'],
    ['TRUNCATES', 'is nearer'],
    ['ALLOCATES', 'decode and encode allocated'],
    ['BOLD', 'probe answers 200'],
    ['STAGE-GAP', 'run wrote between frames'],
    ['STAGE-ALLOCATES', 'run and reset allocated'],
    ['STAGE-DELAYS', 'the delay changed'],
    ['NOBODY', 'the library has no codec NOBODY'],
  ])(
    'finds what is wrong with %s',
    async (encoding, sentence) => {
      expect(await codec(encoding)).toContain(sentence);
    },
    60_000,
  );
});

describe('the suite for clocks', () => {
  const clock = (id: string, about: RegExp): Promise<string> =>
    verdicts(
      clockConformance({
        library,
        id,
        options: {},
        reference: wallClockReference,
        toleranceNs: 20_000_000,
        settleMs: 5_000,
        canBeLost: false,
      }),
      about,
    );

  it('finds nothing wrong with a sound clock', async () => {
    expect(await clock('sound', /./)).toBe('');
  }, 60_000);

  it('finds a step that is not declared', async () => {
    expect(await clock('silent-step', /step of the reference/)).toContain('in vain: a new generation');
  }, 60_000);

  it('finds a publish after stop', async () => {
    expect(await clock('after-stop', /after stop/)).toContain('published after stop');
  }, 60_000);

  it('finds options that nobody reads', async () => {
    expect(await clock('any-options', /options that are none/)).toContain(
      'it started with the options nonsense',
    );
  }, 60_000);
});
