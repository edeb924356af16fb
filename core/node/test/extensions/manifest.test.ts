import { describe, expect, it } from 'vitest';
import { checkManifest } from '../../src/extensions/manifest.ts';

const good = { publisher: 'acme', name: 'x', version: '1.0.0', engines: { tutti: '*' } };
const lines = (value: object): string => JSON.stringify(value, undefined, 2);
const firstProblem = (text: string): string => checkManifest(text, 'package.json').problems[0]?.message ?? '';

describe('a manifest', () => {
  it('may say everything npm knows beside what Tutti reads', () => {
    const { manifest, problems } = checkManifest(
      lines({ ...good, scripts: { test: 'x' }, private: true }),
      'p',
    );
    expect(problems).toEqual([]);
    expect(manifest?.name).toBe('x');
  });

  it.each([
    [{ ...good, name: 'Not Right' }, 'package.json:3:11: name must match pattern'],
    [{ ...good, version: 'one' }, 'package.json:4:14: version one is not a semantic version'],
    [{ ...good, main: '../other.js' }, 'package.json:8:11: main must match pattern'],
    [{ ...good, contributes: { codecs: [] } }, 'package.json:9:5: contributes.codecs is not known'],
    [{ ...good, permissions: ['root'] }, 'package.json:9:5: permissions.0 must be one of net.multicast'],
    [
      { ...good, contributes: { native: [{ kind: 'codec', id: 'L8', library: 'x' }] } },
      "package.json:10:7: contributes.native.0 must have required property 'abi'",
    ],
    [{ publisher: 'acme' }, "package.json:1:1: package.json must have required property 'name'"],
  ])('is refused with place and reason: %#', (value, message) => {
    expect(firstProblem(lines(value))).toContain(message);
  });

  it.each(['', '[', '{ "name": }', 'null', '[]', '"x"', '{ // no comments\n}'])(
    'is no manifest: %j',
    (text) => {
      expect(firstProblem(text)).toMatch(/^package\.json:\d+:\d+: /);
    },
  );

  it('is refused when it is far too long', () => {
    expect(checkManifest(' '.repeat(300_000), 'p').problems).toMatchObject([{ code: 'limit' }]);
  });

  it('shows all slips at once, so that they can be mended at once', () => {
    const { problems } = checkManifest(lines({ ...good, name: 'A', publisher: 'B', main: '/c' }), 'p');
    expect(problems.map((each) => each.field)).toEqual(['publisher', 'name', 'main']);
  });
});
