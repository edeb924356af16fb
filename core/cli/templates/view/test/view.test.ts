import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activateExtension, FakeApi, TestHost } from '@tutti/test';
import * as extension from '../src/extension.ts';
import { SeenFormats } from '../src/seen-formats.ts';

const session = (name: string, channels: number) => ({
  name,
  streams: [{ encoding: 'L24', rate: 48_000, channels }],
});

test('formats are listed with the sessions that have them, each once', () => {
  const formats = new SeenFormats();
  assert.equal(formats.add(session('Stage', 8)), true);
  assert.equal(formats.add(session('Stage', 8)), false);
  formats.add(session('Booth', 8));
  formats.add(session('Booth', 2));
  assert.deepEqual(formats.formats(), ['L24, 48 kHz, 2 channels', 'L24, 48 kHz, 8 channels']);
  assert.deepEqual(formats.names('L24, 48 kHz, 8 channels'), ['Booth', 'Stage']);
});

test('it registers its view, its command and its hook, and leaves nothing behind', async () => {
  const fake = new FakeApi();
  const active = await activateExtension(extension, fake);
  assert.deepEqual([...fake.registered].sort(), [
    'command template-name.clear',
    'hook sessionParsed',
    'view template-name.formats',
  ]);
  await active.deactivate();
  assert.equal(fake.leaked, 0);
});

test('a host shows the view and runs the command', async () => {
  const host = await TestHost.start({ extensions: ['.'] });
  try {
    const info = await host.extension('template-publisher.template-name');
    assert.equal(info?.state, 'active', info?.problem?.message);
    assert.deepEqual(await host.get('/views/template-name.formats/children'), []);
    await host.request('POST', '/commands/template-name.clear', {});
  } finally {
    await host.stop();
  }
});
