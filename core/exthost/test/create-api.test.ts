import { describe, expect, it } from 'vitest';
import { DisposableStore, Emitter, type Disposable } from '@tutti/base';
import { createApi } from '../src/create-api.ts';
import { Handles } from '../src/handles.ts';
import { MdnsClient } from '../src/mdns-client.ts';

const signal = new AbortController().signal;
/** What the extension opens, in the order in which it is asked; each is there when the test says so. */
class Openings {
  readonly all: { readonly done: () => void; disposed: boolean }[] = [];

  open(): Promise<Disposable> {
    return new Promise((resolve) => {
      const opening = {
        disposed: false,
        done: () => resolve({ dispose: () => void (opening.disposed = true) }),
      };
      this.all.push(opening);
    });
  }

  get disposed(): readonly boolean[] {
    return this.all.map((each) => each.disposed);
  }
}

function makeApi() {
  const host = { notify: () => undefined, request: () => Promise.reject(new Error('nobody is asked')) };
  const handles = new Handles(host);
  const own = new DisposableStore();
  const never = new Emitter<never>().event;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const mdns = new MdnsClient(host).apiFor('test.one', (item) => own.add(item), log);
  const api = createApi({
    ...{ id: 'test.one', version: '0.1.0', log, handles, own, mdns },
    interfaces: () => [],
    onDidChangeInterfaces: never,
    setting: () => undefined,
    onDidChangeConfiguration: never,
  });
  const call = (method: string, args: readonly unknown[], given = signal) =>
    handles.call({ handle: 1, method, args }, given) as Promise<void>;
  return { api, call, own };
}

describe('what an extension opens after nobody waits for it any more', () => {
  it('is closed: a reception that the host gave up', async () => {
    const { api, call } = makeApi();
    const openings = new Openings();
    api.discovery.registerSource({
      scheme: 'test',
      describe: () => Promise.resolve(''),
      receive: () => openings.open(),
    });
    const gaveUp = new AbortController();
    const asked = call('receive', [1, { url: 'test://a' }], gaveUp.signal);
    const kept = call('receive', [2, { url: 'test://b' }]);
    gaveUp.abort();
    for (const { done } of openings.all) done();
    await Promise.all([asked, kept]);
    expect(openings.disposed).toEqual([true, false]);
    await call('release', [2]);
    expect(openings.disposed).toEqual([true, true]);
  });

  it('is closed: a driver of the device before, whichever start ends first', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const { api, call, own } = makeApi();
      const openings = new Openings();
      api.hal.registerDriver({ id: 'test', start: () => openings.open() });
      const starts = [call('start', [{}]), call('start', [{}])];
      for (const index of order) {
        openings.all[index]?.done();
        await starts[index];
      }
      expect(openings.disposed).toEqual([true, false]);
      own.dispose();
      expect(openings.disposed).toEqual([true, true]);
    }
  });

  it('is closed: a driver that was stopped while it started', async () => {
    const { api, call } = makeApi();
    const openings = new Openings();
    api.hal.registerDriver({ id: 'test', start: () => openings.open() });
    const started = call('start', [{}]);
    await call('stop', []);
    openings.all[0]?.done();
    await started;
    expect(openings.disposed).toEqual([true]);
  });
});
