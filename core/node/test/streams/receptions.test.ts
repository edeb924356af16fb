import { setTimeout as sleep } from 'node:timers/promises';
import type { Reception, ReceptionSink, SessionSource } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { announcedSdp } from '@tutti/test';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Rig } from '../support/rig.ts';
import { eth0, eth1 } from '../support/settable-interfaces.ts';
import { until } from '../support/until.ts';

/** What a server of unicast streams says of one. */
const onRequest = (encoding = 'L24'): string =>
  [
    ...['v=0', 'o=- 1 1 IN IP4 10.0.1.9', 's=Unicast', 't=0 0', 'a=control:*'],
    ...[
      'm=audio 0 RTP/AVP 96',
      'c=IN IP4 0.0.0.0',
      `a=rtpmap:96 ${encoding}/48000/2`,
      'a=control:track1',
      '',
    ],
  ].join('\r\n');

/** A source whose other side a test plays. */
class Source implements SessionSource {
  readonly scheme = 'test';
  sdp = onRequest();
  readonly open: { readonly reception: Reception; readonly sink: ReceptionSink }[] = [];
  begun = 0;

  describe(): Promise<string> {
    return Promise.resolve(this.sdp);
  }

  receive(reception: Reception, sink: ReceptionSink): Promise<Disposable> {
    const entry = { reception, sink };
    this.open.push(entry);
    this.begun += 1;
    return Promise.resolve({ dispose: () => void this.open.splice(this.open.indexOf(entry), 1) });
  }
}

const url = 'test://10.0.1.9/mix';
let rig: Rig;
let source: Source;
let registered: Disposable;
beforeEach(async () => {
  rig = await new Rig().start();
  source = new Source();
  registered = rig.registries.sources.register('test', source);
});
afterEach(async () => {
  registered.dispose();
  expect(await rig.stop(), 'registrations that stayed').toEqual({});
});

const stored = (id: string): object | undefined => rig.state.current.receivers.find((each) => each.id === id);
const planned = (id: string): object | undefined =>
  rig.engineProcess.plan?.receivers.find((each) => each.id === id);

describe('a receiver of a stream that is sent on request', () => {
  it('listens at an even port of the interface near the sender before the stream is asked for there', async () => {
    const { id, port = 0 } = await rig.streams.addReceiver({ url });
    expect(port % 2).toBe(0);
    expect(planned(id)).toMatchObject({
      legs: [{ address: eth1.address, port, interface: eth1.address, sources: [] }],
    });
    await until('it to be asked for', () => source.open.length === 1);
    expect(source.open[0]?.reception).toEqual({
      url,
      transport: { control: 'track1', address: eth1.address, port },
    });
    const other = await rig.streams.addReceiver({ url });
    expect(other.port).not.toBe(port);
    await rig.streams.removeReceiver(id);
    await until('it to be released', () => source.open.length === 1);
    expect(source.open[0]?.reception.transport?.port).toBe(other.port);
  });

  it('says why it does not come until it does', async () => {
    const { id } = await rig.streams.addReceiver({ url });
    await until('it to be asked for', () => source.open.length === 1);
    let changes = 0;
    const watch = rig.receptions.onDidChange(() => (changes += 1));
    source.open[0]?.sink.failed('SETUP was refused: 461 Unsupported Transport');
    expect(rig.receptions.problemOf(id)).toMatchObject({
      code: 'unavailable',
      field: 'url',
      message: 'the stream is not sent to us: SETUP was refused: 461 Unsupported Transport',
    });
    source.open[0]?.sink.opened();
    expect(rig.receptions.problemOf(id)).toBeUndefined();
    expect(changes).toBe(2);
    watch.dispose();
  });

  it('is asked for anew at another address of ours, and by another extension, and not for another route', async () => {
    const { id, port } = await rig.streams.addReceiver({ url });
    await until('it to be asked for', () => source.open.length === 1);
    await rig.streams.changeReceiver(id, { name: 'Other', linkOffsetMs: 40 });
    await rig.streams.setRoutes([{ receiverId: id, channel: 1, input: 17 }]);
    expect(source.begun).toBe(1);
    rig.interfaces.set(eth0, { ...eth1, address: '10.0.1.77' });
    await until('the new address', () => source.open[0]?.reception.transport?.address === '10.0.1.77');
    expect(source.begun).toBe(2);
    registered.dispose();
    await until('that to be said', () => rig.receptions.problemOf(id)?.code === 'unsupported');
    expect(source.open).toEqual([]);
    registered = rig.registries.sources.register('test', source);
    await until('it to be asked for again', () => source.open.length === 1);
    expect(source.open[0]?.reception.transport?.port).toBe(port);
  });

  it('is not asked for while the engine cannot listen', async () => {
    const { id } = await rig.streams.addReceiver({ url });
    await until('it to be asked for', () => source.open.length === 1);
    rig.interfaces.set(eth0);
    await until('it to be released', () => source.open.length === 0);
    expect(rig.reconciler.problemOf(id)?.code).toBe('interfaceGone');
    rig.interfaces.set(eth0, eth1);
    await until('it to be asked for again', () => source.open.length === 1);
  });

  it('needs somebody to ask: a description alone is refused, with the way out', async () => {
    await expect(rig.streams.addReceiver({ sdp: onRequest() })).rejects.toMatchObject({
      problem: { code: 'unsupported', fix: expect.stringContaining('rtsp://') as string },
    });
  });

  it('of a session that a provider found is asked for where the provider says', async () => {
    const provider = {
      id: 'finder',
      start: (sink: { announced(session: object): void }) => {
        sink.announced({ key: 'k', sdp: onRequest(), url });
        return Promise.resolve({ dispose: () => undefined });
      },
    };
    const found = rig.registries.discovery.register('finder', provider);
    await until('the session', () => rig.catalogue.list().length === 1);
    await rig.streams.addReceiver({ sessionId: rig.catalogue.list()[0]?.id ?? '' });
    await until('it to be asked for', () => source.open[0]?.reception.url === url);
    found.dispose();
  });
});

describe('a receiver of a URL', () => {
  it('follows the description behind it, also from a group to a stream on request and back', async () => {
    source.sdp = announcedSdp();
    const { id } = await rig.streams.addReceiver({ url });
    await until('it to be followed', () => source.open.length === 1);
    expect(source.open[0]?.reception).toEqual({ url });
    source.open[0]?.sink.described(announcedSdp({ legs: [{ address: '239.69.9.10', port: 5006, ttl: 32 }] }));
    const group = { address: '239.69.9.10', port: 5006 };
    await until('the new group', () => JSON.stringify(planned(id)).includes('239.69.9.10'));
    expect(planned(id)).toMatchObject({ legs: [group] });
    source.open[0]?.sink.described(onRequest('L16'));
    await until('it to be asked for', () => source.open[0]?.reception.transport !== undefined);
    expect(planned(id)).toMatchObject({ codec: 'L16' });
    source.open[0]?.sink.described(announcedSdp());
    await until('it to be only followed', () => source.open[0]?.reception.transport === undefined);
    expect(stored(id)).not.toHaveProperty('port');
    expect(planned(id)).toMatchObject({ legs: [{ address: '239.69.9.9', port: 5004 }] });
  });

  it('plays on when its description cannot be had or is no use', async () => {
    source.sdp = announcedSdp();
    const { id } = await rig.streams.addReceiver({ url });
    await until('it to be followed', () => source.open.length === 1);
    const before = planned(id);
    source.open[0]?.sink.failed('nobody answers');
    source.open[0]?.sink.described('nonsense');
    source.open[0]?.sink.described(announcedSdp());
    await sleep(50);
    expect(planned(id)).toEqual(before);
    expect(rig.receptions.problemOf(id)).toBeUndefined();
  });
});
