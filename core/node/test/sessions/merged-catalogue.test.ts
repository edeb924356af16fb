import type { DiscoverySink } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MergedCatalogue } from '../../src/sessions/merged-catalogue.ts';
import { announcedSdp } from '@tutti/test';
import { Rig } from '../support/rig.ts';
import { until } from '../support/until.ts';

let rig: Rig;
const providers: Disposable[] = [];

beforeEach(async () => {
  rig = await new Rig().start();
});
afterEach(async () => {
  for (const provider of providers.splice(0)) provider.dispose();
  expect(await rig.stop(), 'registrations that stayed').toEqual({});
});

/** A provider that announces what the test says, and knows whether it was stopped. */
function provide(id: string): { sink: DiscoverySink; registration: Disposable; stopped: () => boolean } {
  let stopped = false;
  let sink: DiscoverySink = { announced: () => undefined, withdrawn: () => undefined };
  const registration = rig.registries.discovery.register(id, {
    id,
    start: async (given) => {
      sink = given;
      return { dispose: () => (stopped = true) };
    },
  });
  providers.push(registration);
  return { sink, registration, stopped: () => stopped };
}

const sessions = (): readonly { name: string; state: string; by: string[] }[] =>
  rig.catalogue
    .list()
    .map(({ name, state, seenBy }) => ({ name, state, by: seenBy.map((each) => each.provider) }));

describe('the catalogue', () => {
  it('makes one session of what two providers see, and lets it go with the last', async () => {
    const sap = provide('sap');
    const rtsp = provide('rtsp');
    sap.sink.announced({ key: 'a', sdp: announcedSdp(), source: '10.0.0.9', interface: 'eth0' });
    rtsp.sink.announced({ key: 'b', sdp: announcedSdp() });
    await until('both', () => sessions()[0]?.by.length === 2);
    expect(sessions()).toEqual([{ name: 'Stage left', state: 'announced', by: ['sap', 'rtsp'] }]);
    sap.sink.withdrawn('a');
    await until('one', () => sessions()[0]?.by.length === 1);
    expect(sessions()[0]?.state).toBe('announced');
    rtsp.sink.withdrawn('b');
    await until('gone', () => sessions()[0]?.state === 'gone');
    expect(sessions()).toEqual([{ name: 'Stage left', state: 'gone', by: ['rtsp'] }]);
  });

  it('takes a newer version and ignores an older one', async () => {
    const { sink } = provide('sap');
    sink.announced({ key: 'a', sdp: announcedSdp({ version: '5' }) });
    sink.announced({ key: 'b', sdp: announcedSdp({ version: '6', name: 'New name' }) });
    sink.announced({ key: 'c', sdp: announcedSdp({ version: '4', name: 'Old name' }) });
    await until('all three', () => sessions()[0]?.by.length === 3);
    expect(sessions().map(({ name }) => name)).toEqual(['New name']);
  });

  it('follows a device that begins its versions anew, but not while another one announces what is newer', async () => {
    const { sink } = provide('sap');
    const name = (): string | undefined => sessions()[0]?.name;
    const announce = (key: string, version: string): void =>
      sink.announced({ key, sdp: announcedSdp({ version, name: `Version ${version}` }) });
    announce('a', '5');
    await until('known', () => name() === 'Version 5');
    announce('a', '1');
    await until('begun anew', () => name() === 'Version 1');
    announce('b', '99999999999999999999');
    await until('pushed aside', () => name() !== 'Version 1');
    announce('a', '2');
    announce('c', '1');
    await until('three announce it', () => sessions()[0]?.by.length === 3);
    expect(name()).toBe('Version 99999999999999999999');
    sink.withdrawn('b');
    announce('a', '2'); // word for word as before
    await until('the device again', () => name() === 'Version 2');
  });

  it('refuses what is no session, and goes on', async () => {
    const { sink } = provide('sap');
    sink.announced({ key: 'x', sdp: 'v=9 rubbish' });
    sink.announced({ key: 'a', sdp: announcedSdp() });
    await until('the good one', () => sessions().length === 1);
  });

  it('withdraws what a provider saw when it is unregistered, and stops it', async () => {
    const { sink, registration, stopped } = provide('sap');
    sink.announced({ key: 'a', sdp: announcedSdp() });
    await until('known', () => sessions().length === 1);
    registration.dispose();
    expect(stopped()).toBe(true);
    expect(sessions()[0]?.state).toBe('gone');
    sink.announced({ key: 'b', sdp: announcedSdp({ id: '7' }) });
    expect(sessions()).toHaveLength(1);
  });

  it('lets a hook repair a description before anybody sees it', async () => {
    const tap = rig.pipelines.sessionParsed.tap('repair', async (session) => ({
      ...session,
      name: 'Repaired',
    }));
    const { sink } = provide('sap');
    sink.announced({ key: 'a', sdp: announcedSdp() });
    await until('known', () => sessions().length === 1);
    expect(sessions()[0]?.name).toBe('Repaired');
    tap.dispose();
  });

  it('reads known sessions again when a hook comes, and leaves them as they are when it goes', async () => {
    const { sink } = provide('sap');
    sink.announced({ key: 'a', sdp: announcedSdp() });
    await until('known', () => sessions().length === 1);
    const changed: string[] = [];
    const listening = rig.catalogue.onDidChangeSession(({ name }) => void changed.push(name));
    const rename = (name: string): Disposable =>
      rig.pipelines.sessionParsed.tap(name, async (session) => ({ ...session, name }));
    rename('First').dispose();
    const tap = rename('Repaired');
    await until('repaired', () => sessions()[0]?.name === 'Repaired');
    expect(changed).toEqual(['Repaired']);
    tap.dispose();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(sessions()).toEqual([{ name: 'Repaired', state: 'announced', by: ['sap'] }]);
    listening.dispose();
  });

  it('remembers sessions over a restart, as gone', async () => {
    const { sink } = provide('sap');
    sink.announced({ key: 'a', sdp: announcedSdp() });
    await until('known', () => sessions().length === 1);
    await rig.catalogue.flush();
    const next = new MergedCatalogue(rig.paths, rig.registries, rig.pipelines, rig.state, rig.log);
    rig.registries.discovery.entries();
    await next.start();
    expect(next.list()).toMatchObject([{ name: 'Stage left', state: 'gone', seenBy: [{ provider: 'sap' }] }]);
    expect(next.find('Stage left')?.id).toBe(rig.catalogue.list()[0]?.id);
    next.dispose();
  });

  it('knows which sessions are ours', async () => {
    const { id } = await rig.streams.addSender({ name: 'Mix', channels: '1-2' });
    await until('published', () => /o=- \d+ 1 /.test(rig.publishing.sdpOf(id)));
    const { sink } = provide('sap');
    sink.announced({ key: 'a', sdp: rig.publishing.sdpOf(id) });
    await until('known', () => rig.catalogue.list().length === 1);
    expect(rig.catalogue.list()[0]?.senderId).toBe(id);
  });

  it('keeps at most 1024 sessions, whoever floods the network', async () => {
    const { sink } = provide('sap');
    for (let i = 0; i < 1200; i += 1) sink.announced({ key: `k${i}`, sdp: announcedSdp({ id: String(i) }) });
    await rig.catalogue.flush();
    expect(rig.catalogue.list()).toHaveLength(1024);
  });
});
