import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activateExtension, FakeApi } from '@tutti/test';
import * as extension from '../src/extension.ts';
import { checkLinkOffset } from '../src/link-offset.ts';

test('a link offset of two packet times is enough, less is a warning that says what to do', () => {
  const stream = { rate: 48_000, framesPerPacket: 48 };
  assert.equal(checkLinkOffset({ ...stream, linkOffsetMs: 2 }).result, 'ok');
  const short = checkLinkOffset({ ...stream, linkOffsetMs: 1 });
  assert.equal(short.result, 'warning');
  assert.match(short.fix ?? '', /2 ms or more/);
});

test('an unknown packet time is not judged', () => {
  assert.equal(checkLinkOffset({ rate: 48_000, linkOffsetMs: 3 }).result, 'skipped');
});

test('it registers its check and leaves nothing behind', async () => {
  const fake = new FakeApi();
  const active = await activateExtension(extension, fake);
  assert.deepEqual(fake.registered, ['check template-name.link-offset']);
  await active.deactivate();
  assert.equal(fake.leaked, 0);
});
