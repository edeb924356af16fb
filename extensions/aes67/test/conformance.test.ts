import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  announcedSdp,
  clockConformance,
  codecConformance,
  discoveryConformance,
  sapPacket,
  UdpSender,
  wallClockReference,
  type DiscoverySubject,
} from '@tutti/test';
import { describe, expect, it } from 'vitest';
import { SapListener } from '../src/sap-listener.ts';
import { ptpReference } from './ptp-reference.ts';
import { sapApi, sapGroup } from './sap-api.ts';

/** What we ship passes the suites that strangers' extensions pass, and no others. */
const library = join(import.meta.dirname, '../dist/native/aes67.so');
const timeout = 120_000;

it('has its native library built', () => {
  expect(existsSync(library), `${library} is not there: npm run build -- --native`).toBe(true);
});

describe.each(['L16', 'L24'])('the codec %s', (encoding) => {
  for (const { title, run } of codecConformance({ library, encoding })) it(title, run, timeout);
});

describe('SAP', () => {
  for (const { title, run } of discoveryConformance(openSap)) it(title, run, timeout);
});

describe('the clock "system"', () => {
  const clock = clockConformance({
    library,
    id: 'system',
    options: { timescale: 'realtime' },
    reference: wallClockReference,
    toleranceNs: 5_000_000,
    settleMs: 10_000,
    canBeLost: false,
  });
  for (const { title, run } of clock) it(title, run, timeout);
});

describe.runIf(process.getuid?.() === 0)('the clock "ptp" (as root: its ports are below 1024)', () => {
  const domain = 64 + (process.pid % 60);
  const clock = clockConformance({
    library,
    id: 'ptp',
    options: { interface: 'lo', domain },
    reference: () => ptpReference(domain),
    toleranceNs: 5_000_000,
    settleMs: 60_000,
  });
  for (const { title, run } of clock) it(title, run, timeout);
});

let port = 41_000 + (process.pid % 10_000);

async function openSap(): Promise<DiscoverySubject> {
  const fake = sapApi();
  const sender = await UdpSender.open();
  const at = (port += 1);
  const send = (kind: 'announce' | 'delete', payload: string): Promise<void> =>
    sender.send(sapPacket({ kind, hash: 7, origin: '127.0.0.1', payload }), at, sapGroup);
  return {
    fake,
    provider: new SapListener(fake.api, at),
    announce: ({ sdp }) => send('announce', sdp),
    withdraw: ({ sdp }) => send('delete', sdp),
    sendMalformed: async () => {
      const long = announcedSdp({ id: '9', name: 'x'.repeat(9_000) });
      await send('announce', 'v=0\r\ns=no origin\r\n');
      await send('announce', long);
      for (const bytes of [[], [0x20], [0xff, 0xff, 0xff], [0x20, 255, 0, 0, 1, 2, 3, 4]]) {
        await sender.send(Uint8Array.from(bytes), at, sapGroup);
      }
    },
    expiresMs: 25 * 60_000,
    dispose: () => sender.dispose(),
  };
}
