import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { extensionMethods, type ActivateRequest, type ExtensionLogLine } from '@tutti/common';
import { ExtensionRunner } from '../src/extension-runner.ts';
import { Handles } from '../src/handles.ts';
import { MdnsClient } from '../src/mdns-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'tutti-exthost-'));
afterAll(() => rmSync(folder, { recursive: true }));

let modules = 0;
let lines: string[] = [];
let runner: ExtensionRunner;

beforeEach(() => {
  lines = [];
  const handles = new Handles({
    notify: (method, argument) => {
      if (method === extensionMethods.log) lines.push((argument as ExtensionLogLine).message);
    },
    request: () => Promise.reject(new Error('nobody is asked')),
  });
  runner = new ExtensionRunner(handles, new MdnsClient(handles.host));
});

/** An extension whose module takes a while to be loaded, as one does that waits at its top. */
function slow(activate: string): ActivateRequest {
  modules += 1;
  const main = join(folder, `main-${modules}.mjs`);
  writeFileSync(
    main,
    `await new Promise((resolve) => setTimeout(resolve, 50));
     export async function activate({ api }) { ${activate} }`,
  );
  return { id: 'test.slow', main, version: '0.1.0', configuration: { gain: 1 }, interfaces: [] };
}

const sayGain = `api.log.info('gain', String(api.configuration.get('gain')));`;

describe('an extension whose module is being loaded', () => {
  it('does not run any more when it is disabled meanwhile', async () => {
    const activation = runner.activate(slow(sayGain));
    await runner.deactivate('test.slow');
    expect(await activation).toMatchObject({ problem: { code: 'unavailable' } });
    expect(lines).toEqual([]);
  });

  it('runs once when it is disabled and enabled meanwhile', async () => {
    const first = runner.activate(slow(sayGain));
    await runner.deactivate('test.slow');
    const second = runner.activate(slow(sayGain));
    expect(await first).toMatchObject({ problem: { code: 'unavailable' } });
    expect(await second).toEqual({});
    expect(lines).toEqual(['1']);
  });

  it('has the settings that were changed meanwhile', async () => {
    const activation = runner.activate(slow(sayGain));
    runner.configurationChanged({ id: 'test.slow', values: { gain: 2 }, keys: ['gain'] });
    expect(await activation).toEqual({});
    expect(lines).toEqual(['2']);
  });
});
