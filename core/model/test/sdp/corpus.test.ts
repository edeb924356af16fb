import { checkSdp, readSdp } from '@tutti/model';
import { describe, expect, it } from 'vitest';
import { corpusTexts } from '../texts.ts';

const texts = corpusTexts();

describe('descriptions of real devices', () => {
  it(`are there or said to be missing: ${texts.length}`, () => {
    expect(texts.length === 0 || texts.length > 40).toBe(true);
  });

  it.each(texts.map(({ name, text }) => [name, text] as const))(
    '%s reads or is refused with a reason',
    (_, text) => {
      const { session, problems } = readSdp(text);
      const errors = problems.filter((problem) => problem.severity === 'error');
      if (session) {
        expect(errors).toEqual([]);
        expect(session.streams.length).toBeGreaterThan(0);
      } else {
        expect(errors.length).toBeGreaterThan(0);
      }
      for (const problem of problems) expect(problem.message).toMatch(/^.{20,}\.$/);
      expect(checkSdp(text).session).toEqual(session);
    },
  );

  // Everything that carries audio to a usable destination must read: these only may be refused.
  const refusable = /video|smpte291|st2022|st2110-(10|20|40)|nmoscpp|rfc7104|template|invalid|caes67_unit_01/;
  it.each(texts.filter(({ name }) => !refusable.test(name)).map(({ name, text }) => [name, text] as const))(
    '%s is usable',
    (_, text) => {
      expect(readSdp(text).session).toBeDefined();
    },
  );
});
