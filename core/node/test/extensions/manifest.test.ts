import { manifestSchema } from '@tutti/api';
import { compileCheck } from '../../src/state/schema.ts';
import { describe, expect, it } from 'vitest';
import { checkManifest } from '../../src/extensions/manifest.ts';

const good = { publisher: 'acme', name: 'x', version: '1.0.0', engines: { tutti: '*' } };
const lines = (value: object): string => JSON.stringify(value, undefined, 2);
const firstProblem = (text: string): string => checkManifest(text, 'package.json').problems[0]?.message ?? '';

it('the schema of manifests is one, which no start of the host asks again', () => {
  expect(() => compileCheck(manifestSchema)).not.toThrow();
});

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

  const contributing = (contributes: object): string => lines({ ...good, contributes });

  it('says where a when clause, a key or a text is wrong, to the character', () => {
    const text = contributing({
      commands: [{ command: 'x.do', title: '%do%', enablement: 'a && ' }],
      menus: { commandPalette: [{ command: 'x.do', when: '"\\"" & b' }] },
      keybindings: [{ command: 'x.do', key: 'hyper+d' }],
    });
    const { problems } = checkManifest(text, 'p.json', new Map([['package.nls.json', '{}']]));
    const at = (what: string): string => {
      const before = text.slice(0, text.indexOf(what)).split('\n');
      return `p.json:${before.length}:${(before.at(-1) ?? '').length + 1}`;
    };
    expect(problems.map((each) => each.message.split(' ').slice(0, 2).join(' '))).toEqual([
      `${at('"%do%"')}: contributes.commands.0.title`,
      `${at('a && ').replace(/\d+$/, (column) => String(Number(column) + 5))}: contributes.commands.0.enablement`,
      expect.stringContaining('contributes.menus.commandPalette.0.when'),
      `${at('"hyper+d"')}: contributes.keybindings.0.key`,
    ]);
    expect(problems[2]?.message).toContain(`${at('\\" & b').split(':').slice(0, 2).join(':')}:`);
  });

  it.each([
    [{ views: { panel: [{ id: 'v', name: 'V', type: 'table' }] } }, 'is a table and needs columns'],
    [{ views: { panel: [{ id: 'v', name: 'V', type: 'web' }] } }, 'is a web and needs entry'],
    [
      { views: { panel: [{ id: 'v', name: 'V', type: 'tree', entry: 'a/b.html' }] } },
      'entry is not for a tree',
    ],
    [{ views: { nowhere: [] } }, 'contributes.views.nowhere is not known'],
    [{ menus: { 'sessions/item': [{ command: 'a', when: '(' }] } }, 'it ends where a value should be'],
    [{ hooks: ['sessionRead'] }, 'must be one of sessionParsed'],
    [{ diagnosis: [{ id: 'd', label: 'D', subject: 'sender' }] }, 'must be one of machine, receiver'],
    [
      {
        commands: [
          { command: 'a', title: 'A' },
          { command: 'a', title: 'B' },
        ],
      },
      'contributes.commands.1 is there twice: a',
    ],
  ])('is refused for a contribution that cannot be: %#', (contributes, message) => {
    expect(firstProblem(contributing(contributes))).toContain(message);
  });

  it('takes texts from beside it, and says what is wrong with them', () => {
    const text = contributing({ commands: [{ command: 'x.do', title: '%do%' }] });
    const files = new Map([
      ['package.nls.json', '{ "do": "Do it" }'],
      ['package.nls.de.json', '{ "do": 7 }'],
    ]);
    expect(checkManifest(text, 'dir/package.json', files).problems).toMatchObject([
      { field: 'package.nls.de.json', message: 'dir/package.nls.de.json:1:1: do must be string' },
    ]);
    files.set('package.nls.de.json', '{ "do": "Mach es" }');
    const { texts, problems } = checkManifest(text, 'package.json', files);
    expect(problems).toEqual([]);
    expect(texts.get('de')).toEqual({ do: 'Mach es' });
  });
});
