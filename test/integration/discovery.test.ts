import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SenderInfo } from '@tutti/common';
import { announce } from '../harness/sap.ts';
import { foreignSdp, type Stream } from '../harness/stream.ts';
import { Tutti } from '../harness/tutti.ts';
import { Capture } from '../harness/tshark.ts';
import { useLab } from '../harness/use-lab.ts';
import { until } from '../harness/wait.ts';

const stream: Stream = {
  ...{ encoding: 'L24', rate: 48_000, channels: 8, frames: 48 },
  ...{ address: '239.10.3.1', port: 5004, payloadType: 98 },
};

describe('discovery by SAP', () => {
  const lab = useLab();
  let tutti: Tutti;
  beforeAll(async () => {
    tutti = await Tutti.start(lab());
  });
  afterAll(() => tutti.stop());

  test('an announced stream is listed within a second of its packet', async () => {
    const sdp = foreignSdp(stream, lab().peer.address, 'Stage box');
    const sent = await announce(lab(), lab().peer, sdp);
    await until('the session', async () => (await tutti.sessions()).find(({ name }) => name === 'Stage box'));
    const listed = (await tutti.sessions()).find(({ name }) => name === 'Stage box');
    // The host's own note of when it saw the packet; this test's polling starts a process each time.
    const seen = Date.parse(listed?.seenBy[0]?.lastSeen ?? '');
    expect(seen - sent).toBeLessThan(1000);
    expect(listed).toMatchObject({ state: 'announced', seenBy: [{ source: lab().peer.address }] });
    expect(listed?.sdp).toBe(sdp);
  });

  test('a changed announcement replaces the session, it does not add one', async () => {
    const changed = foreignSdp(stream, lab().peer.address, 'Stage box left').replace('o=- 1 1 ', 'o=- 1 2 ');
    await announce(lab(), lab().peer, changed);
    await until('the new name', async () =>
      (await tutti.sessions()).some(({ name }) => name === 'Stage box left'),
    );
    expect((await tutti.sessions()).filter(({ name }) => name.startsWith('Stage box'))).toHaveLength(1);
  });

  test('a deleted announcement is no longer announced', async () => {
    const sdp = foreignSdp(stream, lab().peer.address, 'Stage box left').replace('o=- 1 1 ', 'o=- 1 2 ');
    await announce(lab(), lab().peer, sdp, 'delete');
    await until('the session to go', async () =>
      (await tutti.sessions()).every(({ name, state }) => name !== 'Stage box left' || state === 'gone'),
    );
  });

  test('garbage on the SAP port is survived', async () => {
    for (const text of ['', 'v=0', 'v=0\r\no=\r\n', `v=0\r\n${'a=x\r\n'.repeat(2000)}`, '\0'.repeat(300)]) {
      await announce(lab(), lab().peer, text);
    }
    const sdp = foreignSdp({ ...stream, address: '239.10.3.2' }, lab().peer.address, 'After the storm', 2);
    await announce(lab(), lab().peer, sdp);
    await until('the next session', async () =>
      (await tutti.sessions()).some(({ name }) => name === 'After the storm'),
    );
  });

  test('our own sender is announced at once, and Wireshark finds nothing wrong with its SAP and SDP', async () => {
    const capture = await Capture.start(lab(), lab().peer, 'udp port 9875 or udp port 5004');
    const sender = await tutti.ok<SenderInfo>(
      ...['sender', 'add', '--name', 'Main mix', '--channels', '1-8', '--dest', '239.10.3.9:5004'],
    );
    await until('its own session', async () =>
      (await tutti.sessions()).some((session) => session.senderId === sender.id),
    );
    await tutti.ok('sender', 'remove', sender.id);
    await until('a deletion', async () => {
      const seen = await tutti.sessions();
      return seen.every((session) => session.senderId !== sender.id || session.state === 'gone');
    });
    await capture.stop();
    expect(await capture.complaints([5004])).toEqual([]);
    const announcements = await capture.fields('sap && sdp', ['sdp.session_name', 'sap.flags.t', 'ip.ttl']);
    expect(announcements.map(([name]) => name)).toContain('Main mix');
    const rtp = await capture.fields(
      'rtp && ip.dst == 239.10.3.9',
      ['rtp.p_type', 'ip.dsfield.dscp'],
      [5004],
    );
    expect(rtp.length).toBeGreaterThan(100);
    expect(new Set(rtp.map((row) => row.join(' ')))).toEqual(new Set([`${sender.payloadType} 34`]));
    await reportPacing(capture);
  });
});

/** How evenly packets leave; said, not asserted: a busy machine captures late. */
async function reportPacing(capture: Capture): Promise<void> {
  const times = await capture.fields('rtp', ['frame.time_epoch'], [5004]);
  const gaps = times
    .slice(1)
    .map(([time], i) => (Number(time) - Number(times[i]?.[0])) * 1e6)
    .sort((a, b) => a - b);
  const at = (share: number) => gaps[Math.floor(share * (gaps.length - 1))]?.toFixed(0);
  console.log(`packets of 1 ms leave every ${at(0.5)} µs (1 % under ${at(0.01)}, 1 % over ${at(0.99)})`);
}
