import type {
  AnnouncedSession,
  DiscoverySink,
  MdnsAdvertisement,
  MdnsService,
  MdnsServiceKey,
  NetworkInterface,
  TuttiApi,
} from '@tutti/api';

export const loopback: NetworkInterface = {
  ...{ name: 'lo', address: '127.0.0.1', netmask: '255.0.0.0', mac: '00:00:00:00:00:00' },
};

/** A listener list with the shape of the API's events. */
class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void) => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
}

/** Extension API with a DNS-SD network that exists in the test only, and a memory of what was logged. */
export class FakeApi {
  readonly log: string[] = [];
  readonly advertised: MdnsAdvertisement[] = [];
  readonly found = new Listeners<MdnsService>();
  readonly lost = new Listeners<MdnsServiceKey>();
  readonly configurationChanged = new Listeners<readonly string[]>();
  readonly configuration: Record<string, unknown>;
  /** Names that others have: who wants one gets `name (2)`. */
  readonly taken = new Set<string>();

  constructor(configuration: Readonly<Record<string, unknown>> = {}) {
    this.configuration = { 'ravenna.advertise': true, 'ravenna.rtsp.port': 1, ...configuration };
  }

  configure(key: string, value: unknown): void {
    this.configuration[key] = value;
    this.configurationChanged.fire([key]);
  }

  sessions(): readonly MdnsAdvertisement[] {
    return this.advertised.filter((each) => each.subtypes?.includes('_ravenna_session'));
  }

  readonly api: TuttiApi = {
    version: '0.1.0',
    log: {
      info: (code) => void this.log.push(code),
      warn: (code) => void this.log.push(code),
      error: (code) => void this.log.push(code),
    },
    discovery: {
      registerProvider: () => ({ dispose: () => undefined }),
      registerSource: () => ({ dispose: () => undefined }),
    },
    publishing: { registerPublisher: () => ({ dispose: () => undefined }) },
    hooks: {
      sessionParsed: () => ({ dispose: () => undefined }),
      sdpWillPublish: () => ({ dispose: () => undefined }),
    },
    mdns: {
      browse: () => ({
        services: [],
        onDidFind: this.found.event,
        onDidLose: this.lost.event,
        dispose: () => undefined,
      }),
      resolve: () => Promise.reject(new Error('not here')),
      query: () => Promise.resolve([]),
      advertise: (advertisement) => {
        this.advertised.push(advertisement);
        const established = new Listeners<string>();
        const { name } = advertisement;
        setImmediate(() => established.fire(this.taken.has(name) ? `${name} (2)` : name));
        return {
          onDidEstablish: established.event,
          dispose: () => void this.advertised.splice(this.advertised.indexOf(advertisement), 1),
        };
      },
    },
    network: { interfaces: () => [loopback], onDidChangeInterfaces: () => ({ dispose: () => undefined }) },
    configuration: {
      get: <T>(key: string): T => this.configuration[key] as T,
      onDidChange: this.configurationChanged.event,
    },
  };
}

export class RecordingSink implements DiscoverySink {
  readonly sessions = new Map<string, AnnouncedSession>();
  readonly withdrawals: string[] = [];

  announced(session: AnnouncedSession): void {
    this.sessions.set(session.key, session);
  }

  withdrawn(key: string): void {
    this.sessions.delete(key);
    this.withdrawals.push(key);
  }

  texts(): readonly string[] {
    return [...this.sessions.values()].map((each) => each.sdp);
  }
}

/** A description of ours. */
export function description(name: string, version = 1): string {
  return [
    ...['v=0', `o=- 7 ${version} IN IP4 127.0.0.1`, `s=${name}`, 'c=IN IP4 239.1.2.3/32', 't=0 0'],
    ...['m=audio 5004 RTP/AVP 98', 'a=rtpmap:98 L24/48000/2', 'a=ptime:1', ''],
  ].join('\r\n');
}

export async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
