import { readSdp } from '@tutti/model';
import { announcedSdp } from '@tutti/test';
import { expect, it } from 'vitest';
import { SessionTable } from '../../src/sessions/session-table.ts';

it('what is remembered is told anew by a device that began its versions anew while we were away', () => {
  const [before, after] = [
    announcedSdp({ version: '5' }),
    announcedSdp({ version: '1', name: 'Begun anew' }),
  ];
  const read = (sdp: string) => {
    const { session: description, problems } = readSdp(sdp);
    if (!description) throw new Error('no session');
    return { description, problems };
  };
  const table = new SessionTable();
  const sighting = { provider: 'sap', lastSeen: '2026-01-01T00:00:00Z' };
  table.remember({ sdp: before, seenBy: [sighting] }, read(before).description, []);
  table.announce({
    ...{ provider: 'sap', announced: { key: 'a', sdp: after }, seen: '2026-01-02T00:00:00Z' },
    ...read(after),
  });
  expect(table.list()).toMatchObject([{ name: 'Begun anew', sdp: after, state: 'announced' }]);
});
