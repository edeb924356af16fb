import type {
  AnnouncedSession,
  CommandHandler,
  DiagnosisCheck,
  DiscoveryProvider,
  DiscoverySink,
  Extension,
  Hooks,
  NetworkInterface,
  SessionPublisher,
  SessionSource,
  TableProvider,
  TreeProvider,
  TuttiApi,
  WebViewHandler,
} from '@tutti/api';
import { DisposableStore, type Disposable, type Event } from '@tutti/base';
import { FakeMdns } from './fake-mdns.ts';

/** The interface that tests use. */
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

/** The API as the core would give it to an extension, with the core's side of it in a test's hands. */
export class FakeApi {
  readonly log: LogLine[] = [];
  readonly configuration: Record<string, unknown>;
  interfaces: readonly NetworkInterface[] = [loopback];
  readonly #configurationListeners = new Set<(keys: readonly string[]) => void>();
  readonly #interfaceListeners = new Set<(interfaces: readonly NetworkInterface[]) => void>();
  /** What is registered at present: `discovery sap`, `publishing sap`, `hook sessionParsed`. */
  readonly registered: string[] = [];
  /** Text in the status bar. */
  status = '';
  readonly providers = new Map<string, DiscoveryProvider>();
  /** By scheme. */
  readonly sources = new Map<string, SessionSource>();
  readonly publishers = new Map<string, SessionPublisher>();
  readonly commands = new Map<string, CommandHandler>();
  readonly trees = new Map<string, TreeProvider>();
  readonly tables = new Map<string, TableProvider>();
  readonly webViews = new Map<string, WebViewHandler>();
  readonly checks = new Map<string, DiagnosisCheck>();
  /** Taps by name of the hook. */
  readonly taps = new Map<keyof Hooks, unknown>();
  readonly mdns = new FakeMdns();
  /** What the extension keeps. */
  readonly stored = new Map<string, unknown>();

  /** @param configuration values of settings; the core would fill in the defaults of the manifest. */
  constructor(configuration: Readonly<Record<string, unknown>> = {}) {
    this.configuration = { ...configuration };
  }

  /** Subscriptions and registrations that nobody disposed. */
  get leaked(): number {
    const { browsing, advertised } = this.mdns;
    const listeners = this.#configurationListeners.size + this.#interfaceListeners.size;
    return listeners + this.registered.length + browsing.length + advertised.length;
  }

  codes(): string[] {
    return this.log.map((line) => line.code);
  }

  /** Changes a setting, as a person would, and tells the extension. */
  configure(key: string, value: unknown): void {
    this.configuration[key] = value;
    for (const listener of this.#configurationListeners) listener([key]);
  }

  /** Plugs and pulls cables. */
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
    discovery: {
      registerProvider: (provider) => this.#register('discovery', provider.id, this.providers, provider),
      registerSource: (source) => this.#register('source', source.scheme, this.sources, source),
    },
    publishing: {
      registerPublisher: (publisher) =>
        this.#register('publishing', publisher.id, this.publishers, publisher),
    },
    hooks: {
      sessionParsed: (tap) => this.#register('hook', 'sessionParsed', this.taps, tap),
      receiverWillStart: (tap) => this.#register('hook', 'receiverWillStart', this.taps, tap),
      senderWillStart: (tap) => this.#register('hook', 'senderWillStart', this.taps, tap),
      sdpWillPublish: (tap) => this.#register('hook', 'sdpWillPublish', this.taps, tap),
      shutdown: (tap) => this.#register('hook', 'shutdown', this.taps, tap),
    },
    commands: {
      registerCommand: (id, handler) => this.#register('command', id, this.commands, handler),
      executeCommand: async (id, args = {}) => {
        const handler = this.commands.get(id);
        if (handler === undefined) throw new Error(`no command ${id} here`);
        return await handler(args, { signal: new AbortController().signal });
      },
    },
    views: {
      registerTree: (id, provider) => this.#register('view', id, this.trees, provider),
      registerTable: (id, provider) => this.#register('view', id, this.tables, provider),
      registerWebView: (id, handler) => ({
        ...this.#register('view', id, this.webViews, handler),
        post: () => undefined,
      }),
    },
    statusItems: {
      createItem: (id) => ({
        ...this.#register('status', id),
        update: ({ text }) => void (this.status = text),
      }),
    },
    diagnosis: { registerCheck: (check) => this.#register('check', check.id, this.checks, check) },
    hal: { registerDriver: ({ id }) => this.#register('hal', id) },
    mdns: this.mdns,
    storage: {
      get: (key) => Promise.resolve(this.stored.get(key)),
      set: (key, value) => {
        // As it comes back from a file.
        if (value === undefined) this.stored.delete(key);
        else this.stored.set(key, JSON.parse(JSON.stringify(value)));
        return Promise.resolve();
      },
      keys: () => Promise.resolve([...this.stored.keys()]),
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

  #register<K, T>(kind: string, id: K & string, registry?: Map<K, T>, item?: T): Disposable {
    const what = `${kind} ${id}`;
    this.registered.push(what);
    if (item !== undefined) registry?.set(id, item);
    return {
      dispose: () => {
        const at = this.registered.indexOf(what);
        if (at >= 0) this.registered.splice(at, 1);
        registry?.delete(id);
      },
    };
  }
}

/** An extension that was activated against a {@link FakeApi}. */
export interface ActiveExtension {
  /** `deactivate`, then everything in `subscriptions`, last first: as the core does. */
  deactivate(): Promise<void>;
}

/** Activates an extension's module as the core would. */
export async function activateExtension(extension: Extension, fake: FakeApi): Promise<ActiveExtension> {
  const subscriptions = new DisposableStore();
  await extension.activate({ api: fake.api, subscriptions });
  return {
    deactivate: async () => {
      await extension.deactivate?.();
      subscriptions.dispose();
    },
  };
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
