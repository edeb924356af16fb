import type {
  CommandArguments,
  DeviceRegion,
  DiagnosisSubject,
  ExtensionContext,
  ExtensionStorage,
  Hooks,
  Logger,
  Mdns,
  NetworkInterface,
  PublishedSession,
  Reception,
  SessionSource,
  TableRange,
  TuttiApi,
  Views,
} from '@tutti/api';
import { fail, toDisposable, type Disposable, type Event } from '@tutti/base';
import {
  extensionMethods,
  storageMethods,
  type ExecuteRequest,
  type ReceptionEmission,
  type StorageRequest,
  type StorageSetRequest,
} from '@tutti/common';
import type { Handles, Method, Methods, Registered } from './handles.ts';

/** What an extension's own view of the API is made from. */
export interface ApiParts {
  /** `publisher.name`. */
  readonly id: string;
  readonly version: string;
  readonly log: Logger;
  readonly handles: Handles;
  /** Where everything is kept that it registers. */
  readonly own: ExtensionContext['subscriptions'];
  readonly interfaces: () => readonly NetworkInterface[];
  readonly onDidChangeInterfaces: Event<readonly NetworkInterface[]>;
  readonly mdns: Mdns;
  readonly setting: (key: string) => unknown;
  readonly onDidChangeConfiguration: Event<readonly string[]>;
}

/** The API as one extension sees it: each registration becomes a handle of the host's, and is kept. */
export function createApi(parts: ApiParts): TuttiApi {
  const { id: extension, handles, own } = parts;
  return {
    version: parts.version,
    log: parts.log,
    discovery: {
      registerProvider: (provider) =>
        registerStartable(parts, 'discovery', provider.id, (_args, emit) =>
          provider.start({
            announced: (session) => emit('announced', session),
            withdrawn: (key) => emit('withdrawn', key),
          }),
        ),
      registerSource: (source) => registerSource(parts, source),
    },
    publishing: {
      registerPublisher: (publisher) =>
        own.add(
          handles.register(extension, 'publisher', publisher.id, {
            publish: ([sessions]) => publisher.publish(sessions as readonly PublishedSession[]),
          }),
        ),
    },
    hooks: createHooks(parts),
    commands: {
      registerCommand: (id, handler) =>
        own.add(
          handles.register(extension, 'command', id, {
            run: ([args], signal) => handler(args as CommandArguments, { signal }),
          }),
        ),
      executeCommand: (command, args = {}, { signal } = {}) => {
        const request: ExecuteRequest = { extension, command, args };
        return handles.host.request(extensionMethods.execute, request, signal);
      },
    },
    views: createViews(parts),
    statusItems: {
      createItem: (id) => {
        const item = handles.register(extension, 'statusItem', id, {});
        return own.add({ update: (state) => item.emit('updated', state), dispose: () => item.dispose() });
      },
    },
    diagnosis: {
      registerCheck: (check) =>
        own.add(
          handles.register(extension, 'diagnosis', check.id, {
            check: ([subject], signal) => check.check(subject as DiagnosisSubject, { signal }),
          }),
        ),
    },
    hal: {
      registerDriver: (driver) =>
        registerStartable(parts, 'hal', driver.id, ([device]) => driver.start(device as DeviceRegion)),
    },
    mdns: parts.mdns,
    storage: createStorage(parts),
    network: {
      interfaces: parts.interfaces,
      onDidChangeInterfaces: (listener) => own.add(parts.onDidChangeInterfaces(listener)),
    },
    configuration: {
      get: <T>(key: string): T => parts.setting(key) as T,
      onDidChange: (listener) => own.add(parts.onDidChangeConfiguration(listener)),
    },
  };
}

function registerSource({ id: extension, handles, own }: ApiParts, source: SessionSource): Disposable {
  const receptions = new Map<number, Disposable>();
  const release = (reception: number): void => {
    const found = receptions.get(reception);
    receptions.delete(reception);
    found?.dispose();
  };
  let isRegistered = true;
  const registered = handles.register(extension, 'source', source.scheme, {
    describe: ([url]) => source.describe(String(url)),
    receive: async ([number, wanted], signal) => {
      if (source.receive === undefined)
        throw fail('unsupported', `${source.scheme}:// only describes sessions`, { field: 'url' });
      const reception = Number(number);
      const say = (event: string, text?: string): void =>
        registered.emit(event, {
          reception,
          ...(text !== undefined && { text }),
        } satisfies ReceptionEmission);
      const entry = await source.receive(wanted as Reception, {
        described: (sdp) => say('described', sdp),
        opened: () => say('opened'),
        failed: (reason) => say('failed', reason),
      });
      // It may have been unregistered while it was asked, or the host may not wait for it any more.
      if (isRegistered && !signal.aborted) receptions.set(reception, entry);
      else entry.dispose();
    },
    release: ([number]) => release(Number(number)),
  });
  return own.add(
    toDisposable(() => {
      isRegistered = false;
      try {
        for (const reception of [...receptions.keys()]) release(reception);
      } finally {
        registered.dispose();
      }
    }),
  );
}

/** The arguments of a tap are those of `Hooks`; the host gives them in that order. */
function createHooks({ id, handles, own }: ApiParts): Hooks {
  const hook =
    (kind: keyof Hooks) =>
    (tap: (...args: never[]) => Promise<unknown>): Disposable => {
      const call: Method = (args) => tap(...(args as never[]));
      return own.add(handles.register(id, kind, id, { tap: call }));
    };
  return {
    sessionParsed: hook('sessionParsed'),
    receiverWillStart: hook('receiverWillStart'),
    senderWillStart: hook('senderWillStart'),
    sdpWillPublish: hook('sdpWillPublish'),
    shutdown: hook('shutdown'),
  };
}

function createStorage({ id: extension, handles: { host } }: ApiParts): ExtensionStorage {
  return {
    get: async (key) => {
      const request: StorageRequest = { extension, key };
      return (await host.request<{ readonly value?: unknown }>(storageMethods.get, request)).value;
    },
    set: async (key, value) => {
      const request: StorageSetRequest = { extension, key, value };
      await host.request(storageMethods.set, request);
    },
    keys: () => host.request(storageMethods.keys, extension),
  };
}

function createViews({ id: extension, handles, own }: ApiParts): Views {
  const withChanges = <T>(view: Registered, onDidChange: Event<T> | undefined): Disposable => {
    const changes = onDidChange?.((value) => view.emit('changed', value ?? null));
    return own.add(
      toDisposable(() => {
        changes?.dispose();
        view.dispose();
      }),
    );
  };
  return {
    registerTree: (id, provider) =>
      withChanges(
        handles.register(extension, 'tree', id, {
          children: ([parent], signal) =>
            provider.children((parent as string | null) ?? undefined, { signal }),
        }),
        provider.onDidChange,
      ),
    registerTable: (id, provider) =>
      withChanges(
        handles.register(extension, 'table', id, {
          rows: ([range], signal) => provider.rows(range as TableRange, { signal }),
        }),
        provider.onDidChange,
      ),
    registerWebView: (id, handler) => {
      const view = handles.register(extension, 'web', id, {
        message: ([message], signal) => handler.onMessage?.(message, { signal }),
      });
      return own.add({ post: (message) => view.emit('posted', message), dispose: () => view.dispose() });
    },
  };
}

/** Something that the host starts and stops, again and again. */
function registerStartable(
  { id: extension, handles, own }: ApiParts,
  kind: 'discovery' | 'hal',
  id: string,
  start: (args: readonly unknown[], emit: Registered['emit']) => Promise<Disposable>,
): Disposable {
  let running: Disposable | undefined;
  /** How often it was stopped: what was asked for before that is not wanted when it has started at last. */
  let stops = 0;
  const stop = (): void => {
    stops += 1;
    const before = running;
    running = undefined;
    before?.dispose();
  };
  const methods: Methods<'discovery' | 'hal'> = {
    start: async (args, signal) => {
      stop();
      const before = stops;
      const started = await start(args, (event, value) => registered.emit(event, value));
      if (stops === before && !signal.aborted) running = started;
      else started.dispose();
    },
    stop,
  };
  const registered = handles.register(extension, kind, id, methods);
  return own.add(
    toDisposable(() => {
      try {
        stop();
      } finally {
        registered.dispose();
      }
    }),
  );
}
