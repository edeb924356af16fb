import type {
  CommandArguments,
  DiagnosisCheck,
  DiagnosisResult,
  ExtensionContext,
  MdnsService,
  MdnsServiceKey,
  NetworkInterface,
  PublishedSession,
  SessionPublisher,
  TreeProvider,
  TuttiApi,
} from '@tutti/api';
import type { Disposable } from '@tutti/base';
import type { SessionDescription } from '@tutti/model';
import { Signal } from '../src/signal.ts';

export const loopback: NetworkInterface = {
  name: 'lo',
  address: '127.0.0.1',
  netmask: '255.0.0.0',
  mac: '02:00:00:00:00:01',
};

type SessionTap = (session: SessionDescription, sdp: string) => Promise<SessionDescription>;

/** The API as the core would give it, with the core's side of it in a test's hands. */
export class FakeApi {
  readonly configuration: Record<string, unknown> = {};
  readonly codes: string[] = [];
  readonly taps: SessionTap[] = [];
  readonly commands = new Map<string, (args: CommandArguments) => unknown>();
  readonly executed: [string, CommandArguments | undefined][] = [];
  readonly trees = new Map<string, TreeProvider>();
  readonly checks = new Map<string, DiagnosisCheck>();
  readonly publishers: SessionPublisher[] = [];
  /** What the extension keeps; hand it to the next one for a restart. */
  readonly stored: Map<string, unknown>;
  readonly browsed = new Map<string, Signal<MdnsService>>();
  readonly lost = new Signal<MdnsServiceKey>(rethrow);
  status = '';
  #registered = 0;
  readonly #items: Disposable[] = [];

  constructor(stored = new Map<string, unknown>()) {
    this.stored = stored;
  }

  /** Registrations that nobody disposed. */
  get leaked(): number {
    return this.#registered;
  }

  readonly context: ExtensionContext = {
    // What this extension does not touch is not here.
    api: this.#api() as TuttiApi,
    subscriptions: {
      add: (item) => {
        this.#items.push(item);
        return item;
      },
    },
  };

  run(command: string, args: CommandArguments = {}): Promise<unknown> {
    const handler = this.commands.get(`dante-compat.${command}`);
    if (!handler) throw new Error(`no command ${command}`);
    return Promise.resolve().then(() => handler(args));
  }

  async check(id: string): Promise<DiagnosisResult> {
    const check = this.checks.get(`dante-compat.${id}`);
    if (!check) throw new Error(`no check ${id}`);
    return await check.check({ kind: 'machine' }, { signal: new AbortController().signal });
  }

  async publish(...sessions: readonly PublishedSession[]): Promise<void> {
    await Promise.all(this.publishers.map((publisher) => publisher.publish(sessions)));
  }

  find(service: MdnsService): void {
    this.browsed.get(service.type)?.fire(service);
  }

  deactivate(): void {
    for (const item of this.#items.splice(0).reverse()) item.dispose();
  }

  #api(): Partial<TuttiApi> {
    return {
      version: '0.1.0',
      log: {
        info: (code) => void this.codes.push(code),
        warn: (code) => void this.codes.push(code),
        error: (code) => void this.codes.push(code),
      },
      publishing: { registerPublisher: (publisher) => this.#keepIn(this.publishers, publisher) },
      hooks: { sessionParsed: (tap: SessionTap) => this.#keepIn(this.taps, tap) } as TuttiApi['hooks'],
      commands: {
        registerCommand: (id, handler) =>
          this.#keep(this.commands, id, (args) => handler(args, { signal: new AbortController().signal })),
        executeCommand: (id, args) => {
          this.executed.push([id, args]);
          return Promise.resolve(null);
        },
      },
      views: {
        registerTree: (id: string, provider: TreeProvider) => this.#keep(this.trees, id, provider),
      } as TuttiApi['views'],
      statusItems: {
        createItem: () => ({
          ...this.#count(() => undefined),
          update: ({ text }) => void (this.status = text),
        }),
      },
      diagnosis: { registerCheck: (check) => this.#keep(this.checks, check.id, check) },
      mdns: {
        browse: (type: string) => {
          const found = new Signal<MdnsService>(rethrow);
          return {
            services: [],
            onDidFind: found.event,
            onDidLose: this.lost.event,
            ...this.#keep(this.browsed, type, found),
          };
        },
      } as unknown as TuttiApi['mdns'],
      storage: {
        get: (key) => Promise.resolve(this.stored.get(key)),
        set: (key, value) => {
          this.stored.set(key, JSON.parse(JSON.stringify(value)));
          return Promise.resolve();
        },
        keys: () => Promise.resolve([...this.stored.keys()]),
      },
      network: { interfaces: () => [loopback], onDidChangeInterfaces: () => this.#count(() => undefined) },
      configuration: {
        get: <T>(key: string): T => this.configuration[key] as T,
        onDidChange: () => this.#count(() => undefined),
      },
    };
  }

  #keep<T>(map: Map<string, T>, id: string, value: T): Disposable {
    map.set(id, value);
    return this.#count(() => map.delete(id));
  }

  #keepIn<T>(list: T[], value: T): Disposable {
    list.push(value);
    return this.#count(() => list.splice(list.indexOf(value), 1));
  }

  #count(dispose: () => unknown): Disposable {
    this.#registered += 1;
    let isThere = true;
    return {
      dispose: () => {
        if (!isThere) return;
        isThere = false;
        this.#registered -= 1;
        dispose();
      },
    };
  }
}

function rethrow(error: unknown): void {
  throw error;
}
