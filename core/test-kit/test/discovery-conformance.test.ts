import type { DiscoveryProvider, DiscoverySink } from '@tutti/api';
import { describe, expect, it } from 'vitest';
import {
  discoveryConformance,
  FakeApi,
  type AnnouncedBySubject,
  type DiscoverySubject,
} from '../src/index.ts';

const faults = [
  'keyOfVersion',
  'oneKey',
  'neverExpires',
  'forgetsRefresh',
  'reportsAll',
  'speaksOn',
  'leaks',
] as const;
type Fault = (typeof faults)[number] | 'none';
const lifeMs = 30_000;

/** A network in memory with one provider, which is wrong in one way. */
class Subject implements DiscoverySubject {
  readonly fake = new FakeApi();
  readonly expiresMs = lifeMs;
  readonly #fault: Fault;
  readonly #listeners = new Set<(message: AnnouncedBySubject | undefined, gone: boolean) => void>();

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  readonly provider: DiscoveryProvider = { id: 'memory', start: (sink) => Promise.resolve(this.#look(sink)) };
  announce = (session: AnnouncedBySubject): Promise<void> => this.#send(session, false);
  withdraw = (session: AnnouncedBySubject): Promise<void> => this.#send(session, true);
  sendMalformed = (): Promise<void> => this.#send(undefined, false);
  dispose = (): void => undefined;

  #send(session: AnnouncedBySubject | undefined, gone: boolean): Promise<void> {
    for (const listener of this.#listeners) listener(session, gone);
    return Promise.resolve();
  }

  #look(sink: DiscoverySink): { dispose(): void } {
    const heard = new Map<string, number>();
    const fault = this.#fault;
    const listener = (message: AnnouncedBySubject | undefined, gone: boolean): void => {
      if (message === undefined && fault !== 'reportsAll') return;
      const { id, sdp } = message ?? { id: 'damaged', sdp: 'damaged' };
      const key = fault === 'oneKey' ? 'session' : fault === 'keyOfVersion' ? sdp.slice(0, 200) : id;
      if (gone) {
        if (heard.delete(key)) sink.withdrawn(key);
        return;
      }
      if (!(fault === 'forgetsRefresh' && heard.has(key))) heard.set(key, Date.now());
      sink.announced({ key, sdp });
    };
    this.#listeners.add(listener);
    const timer = setInterval(() => {
      for (const [key, at] of heard) {
        const life = fault === 'forgetsRefresh' ? lifeMs / 4 : lifeMs;
        if (fault === 'neverExpires' || Date.now() - at <= life) continue;
        heard.delete(key);
        sink.withdrawn(key);
      }
    }, 1_000);
    if (fault === 'leaks') this.fake.api.configuration.onDidChange(() => undefined);
    return {
      dispose: () => {
        clearInterval(timer);
        if (fault !== 'speaksOn') this.#listeners.delete(listener);
      },
    };
  }
}

async function broken(fault: Fault): Promise<string> {
  const said: string[] = [];
  for (const { title, run } of discoveryConformance(() => Promise.resolve(new Subject(fault)))) {
    await run().catch((error: unknown) => said.push(`${title}: ${String(error)}`));
  }
  return said.join('\n');
}

describe('the suite for discovery', () => {
  it('finds nothing wrong with a sound provider', async () => {
    expect(await broken('none')).toBe('');
  });

  it.each(faults)('finds a provider that %s', async (fault) => {
    expect(await broken(fault)).toMatch(
      {
        keyOfVersion: /new version replaces/,
        oneKey: /two sessions have two keys/,
        neverExpires: /not announced any more/,
        forgetsRefresh: /announced again in time/,
        reportsAll: /malformed messages/,
        speaksOn: /nothing is reported after the disposal/,
        leaks: /subscriptions or registrations were not disposed/,
      }[fault],
    );
  });
});
