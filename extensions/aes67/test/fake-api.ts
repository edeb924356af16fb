import type { AnnouncedSession, DiscoverySink, NetworkInterface, TuttiApi } from '@tutti/api';
import type { Event } from '@tutti/base';

export const loopback: NetworkInterface = {
  name: 'lo',
  address: '127.0.0.1',
  netmask: '255.0.0.0',
  mac: '00:00:00:00:00:00',
};

/** A log line as the core would see it. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly code: string;
  readonly message: string;
}

/** The API as the core would give it, with the core's side of it in a test's hands. */
export class FakeApi {
  readonly log: LogLine[] = [];
  readonly configuration: Record<string, unknown>;
  interfaces: readonly NetworkInterface[] = [loopback];
  readonly #configurationListeners = new Set<(keys: readonly string[]) => void>();
  readonly #interfaceListeners = new Set<(interfaces: readonly NetworkInterface[]) => void>();
  readonly registered: string[] = [];

  constructor(configuration: Record<string, unknown> = {}) {
    this.configuration = {
      'aes67.sap.listen': ['239.255.77.1'],
      'aes67.sap.group': '239.255.77.1',
      'aes67.sap.intervalSeconds': 30,
      ...configuration,
    };
  }

  /** Subscriptions that nobody disposed. */
  get leaked(): number {
    return this.#configurationListeners.size + this.#interfaceListeners.size + this.registered.length;
  }

  codes(): string[] {
    return this.log.map((line) => line.code);
  }

  configure(key: string, value: unknown): void {
    this.configuration[key] = value;
    for (const listener of this.#configurationListeners) listener([key]);
  }

  setInterfaces(interfaces: readonly NetworkInterface[]): void {
    this.interfaces = interfaces;
    for (const listener of this.#interfaceListeners) listener(interfaces);
  }

  readonly api: TuttiApi = {
    version: '0.1.0',
    log: {
      info: (code, message) => void this.log.push({ level: 'info', code, message }),
      warn: (code, message) => void this.log.push({ level: 'warn', code, message }),
      error: (code, message) => void this.log.push({ level: 'error', code, message }),
    },
    discovery: { registerProvider: (provider) => this.#register(`discovery ${provider.id}`) },
    publishing: { registerPublisher: (publisher) => this.#register(`publishing ${publisher.id}`) },
    hooks: {
      sessionParsed: () => this.#register('hook'),
      sdpWillPublish: () => this.#register('hook'),
    },
    // SAP has no use for it: whoever asks is wrong.
    get mdns(): TuttiApi['mdns'] {
      throw new Error('not here');
    },
    network: {
      interfaces: () => this.interfaces,
      onDidChangeInterfaces: subscribeTo(this.#interfaceListeners),
    },
    configuration: {
      get: <T>(key: string): T => this.configuration[key] as T,
      onDidChange: subscribeTo(this.#configurationListeners),
    },
  };

  #register(what: string): { dispose(): void } {
    this.registered.push(what);
    return { dispose: () => void this.registered.splice(this.registered.indexOf(what), 1) };
  }
}

function subscribeTo<T>(listeners: Set<(value: T) => void>): Event<T> {
  return (listener) => {
    listeners.add(listener);
    return { dispose: () => void listeners.delete(listener) };
  };
}

/** Where a provider reports, with a memory. */
export class RecordingSink implements DiscoverySink {
  readonly sessions = new Map<string, AnnouncedSession>();
  readonly withdrawals: string[] = [];
  announcements = 0;

  announced(session: AnnouncedSession): void {
    this.announcements += 1;
    this.sessions.set(session.key, session);
  }

  withdrawn(key: string): void {
    this.withdrawals.push(key);
    this.sessions.delete(key);
  }

  names(): string[] {
    return [...this.sessions.values()].map(({ sdp }) => /s=(.*)/.exec(sdp)?.[1]?.trim() ?? '').sort();
  }
}

/** Waits until something holds; fails with its description after 30 seconds: machines that test are busy. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
