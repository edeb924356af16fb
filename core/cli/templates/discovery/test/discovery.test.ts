import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  activateExtension,
  discoveryConformance,
  FakeApi,
  UdpSender,
  type DiscoverySubject,
} from '@tutti/test';
import { beaconLifeMs } from '../src/beacon-table.ts';
import { readBeacon } from '../src/beacon.ts';
import * as extension from '../src/extension.ts';

const group = '239.255.99.1';
let port = 20_000 + (process.pid % 20_000);

async function open(): Promise<DiscoverySubject> {
  port += 1;
  const fake = new FakeApi({ 'template-name.group': group, 'template-name.port': port });
  const active = await activateExtension(extension, fake);
  const provider = fake.providers.get('template-name');
  assert.ok(provider);
  const sender = await UdpSender.open();
  const at = port;
  const send = (text: string | Uint8Array): Promise<void> => sender.send(Buffer.from(text), at, group);
  return {
    fake,
    provider,
    announce: ({ sdp }) => send(`+${sdp}`),
    withdraw: ({ sdp }) => send(`-${sdp}`),
    sendMalformed: async () => {
      for (const text of ['', '+', 'hello', `+v=0\r\no=${'x'.repeat(9_000)}`, '+v=0\r\no=- 1\r\n'])
        await send(text);
      await send(Uint8Array.of(0x2b, 0xff, 0xfe, 0x00));
    },
    expiresMs: beaconLifeMs,
    dispose: async () => {
      sender.dispose();
      await active.deactivate();
    },
  };
}

for (const { title, run } of discoveryConformance(open)) test(title, run);

test('a beacon is read with what identifies its session', () => {
  const sdp = 'v=0\r\no=- 7 3 IN IP4 10.0.0.9\r\ns=Stage\r\n';
  assert.deepEqual(readBeacon(Buffer.from(`+${sdp}`)), {
    kind: 'there',
    sdp,
    identity: '- 7 IN IP4 10.0.0.9',
  });
  assert.equal(readBeacon(Buffer.from(sdp)), undefined);
});
