import type {
  AnnouncedSession,
  DiagnosisResult,
  DiscoverySink,
  ReceiverStart,
  ReceptionSink,
  SenderStart,
  StatusItemState,
  TableRow,
  TreeItem,
} from '@tutti/api';
import { fail, toDisposable, type Disposable } from '@tutti/base';
import type { ReceptionEmission, RegistrationKind } from '@tutti/common';
import type { SessionDescription } from '@tutti/model';
import type { DeclaredKind } from '../registries/contribution-table.ts';
import type { Pipelines } from '../registries/pipelines.ts';
import type { Registries, StatusSource } from '../registries/registries.ts';
import { checkPlain, replies } from './extension-replies.ts';
import type { RemoteObject } from './remote-object.ts';

/** A hook runs between a packet and a page, a check while a person waits: they get this long. */
const shortMs = 2000;
/** Trees and tables may ask devices on the network. */
const viewMs = 10_000;
const maxSdpBytes = 16 * 1024;
const maxReasonLength = 512;
const maxUrlLength = 1024;

type Enter = (remote: RemoteObject, registries: Registries, pipelines: Pipelines) => Disposable;

/** How each kind enters the core. What comes back from an extension is outside data: checked, bounded, or refused. */
const ways: Readonly<Record<RegistrationKind, Enter>> = {
  discovery: (remote, { discovery }) => {
    let sink: DiscoverySink | undefined;
    remote.on('announced', (session) => {
      if (isAnnouncedSession(session)) sink?.announced(session);
    });
    remote.on('withdrawn', (key) => {
      if (typeof key === 'string') sink?.withdrawn(key);
    });
    const entry = discovery.register(remote.id, {
      id: remote.id,
      start: async (given) => {
        sink = given;
        await remote.call('start', []);
        return toDisposable(() => {
          sink = undefined;
          stop(remote);
        });
      },
    });
    return toDisposable(() => {
      sink = undefined;
      entry.dispose();
    });
  },
  source: (remote, { sources }) => {
    const sinks = new Map<number, ReceptionSink>();
    let last = 0;
    const listen = (event: string, tell: (sink: ReceptionSink, text: string) => void): void =>
      remote.on(event, (value) => {
        const { reception, text = '' } = (value ?? {}) as Partial<ReceptionEmission>;
        const sink = typeof reception === 'number' ? sinks.get(reception) : undefined;
        if (sink !== undefined && typeof text === 'string' && text.length <= maxSdpBytes) tell(sink, text);
      });
    listen('described', (sink, sdp) => sink.described(sdp));
    listen('opened', (sink) => sink.opened());
    listen('failed', (sink, reason) => sink.failed(reason.slice(0, maxReasonLength)));
    const entry = sources.register(remote.id, {
      scheme: remote.id,
      describe: (url) => remote.call('describe', [url]),
      receive: async (reception, sink) => {
        last += 1;
        const number = last;
        sinks.set(number, sink);
        const release = (): void => {
          const isOpen = sinks.delete(number);
          if (isOpen && remote.isThere) remote.call('release', [number]).catch(() => undefined);
        };
        try {
          await remote.call('receive', [number, reception]);
        } catch (error) {
          release(); // it may have been opened just as we gave up
          throw error;
        }
        return toDisposable(release);
      },
    });
    return toDisposable(() => {
      sinks.clear();
      entry.dispose();
    });
  },
  publisher: (remote, { publishers }) =>
    publishers.register(remote.id, {
      id: remote.id,
      publish: (sessions) => remote.call('publish', [sessions]),
    }),
  sessionParsed: (remote, _registries, { sessionParsed }) =>
    sessionParsed.tap(remote.id, async (session, sdp) => {
      const repaired = await tap<SessionDescription | null>(remote, session, sdp);
      return repaired === null ? session : replies.session<SessionDescription>(repaired);
    }),
  receiverWillStart: (remote, _registries, { receiverWillStart }) =>
    receiverWillStart.tap(remote.id, async (receiver) => {
      const changed = replies.receiverStart(await tap<Partial<ReceiverStart> | null>(remote, receiver));
      return { ...receiver, ...changed };
    }),
  senderWillStart: (remote, _registries, { senderWillStart }) =>
    senderWillStart.tap(remote.id, async (sender) => {
      const changed = replies.senderStart(await tap<Partial<SenderStart> | null>(remote, sender));
      return { ...sender, ...changed };
    }),
  sdpWillPublish: (remote, _registries, { sdpWillPublish }) =>
    sdpWillPublish.tap(remote.id, async (sdp, senderId) => {
      const text = await tap<string>(remote, sdp, senderId);
      return typeof text === 'string' ? text : sdp;
    }),
  shutdown: (remote, _registries, { shutdown }) =>
    shutdown.tap(remote.id, async () => {
      await tap(remote);
      return undefined;
    }),
  command: declared('commands', (remote, { commands }) =>
    commands.register(remote.id, {
      run: async (args, waiting) => checkPlain(await remote.call('run', [args], waiting)),
    }),
  ),
  tree: declared('views', (remote, registries) => {
    wantType(remote, registries, 'tree');
    remote.on('changed', (items) =>
      registries.messages.fire({
        kind: 'view',
        view: remote.id,
        ...(Array.isArray(items) && { items: items.slice(0, 1000).map(String) }),
      }),
    );
    return registries.views.register(remote.id, {
      type: 'tree',
      children: async (parent) =>
        replies.tree<readonly TreeItem[]>(
          await remote.call('children', [parent ?? null], { timeoutMs: viewMs }),
        ),
    });
  }),
  table: declared('views', (remote, registries) => {
    wantType(remote, registries, 'table');
    remote.on('changed', () => registries.messages.fire({ kind: 'view', view: remote.id }));
    return registries.views.register(remote.id, {
      type: 'table',
      rows: async (range) =>
        replies.table<{ total: number; rows: readonly TableRow[] }>(
          await remote.call('rows', [range], { timeoutMs: viewMs }),
        ),
    });
  }),
  web: declared('views', (remote, registries) => {
    wantType(remote, registries, 'web');
    remote.on('posted', (message) =>
      registries.messages.fire({ kind: 'viewMessage', view: remote.id, message: checkPlain(message) }),
    );
    return registries.views.register(remote.id, {
      type: 'web',
      message: async (message) => checkPlain(await remote.call('message', [message], { timeoutMs: viewMs })),
    });
  }),
  statusItem: declared('statusItems', (remote, { statusItems }) => {
    const source: { state: StatusSource['state'] } = { state: undefined };
    const entry = statusItems.register(remote.id, source);
    remote.on('updated', (state) => {
      source.state = replies.statusItem<StatusItemState>(state);
      statusItems.changed();
    });
    return entry;
  }),
  diagnosis: declared('diagnosis', (remote, { checks }) =>
    checks.register(remote.id, {
      check: async (subject) =>
        replies.diagnosis<DiagnosisResult>(await remote.call('check', [subject], { timeoutMs: shortMs })),
    }),
  ),
  hal: declared('hal', (remote, { hal }) =>
    hal.register(remote.id, {
      id: remote.id,
      start: async (device) => {
        await remote.call('start', [device]);
        return toDisposable(() => stop(remote));
      },
    }),
  ),
};

/** @throws TuttiError `invalid`, `conflict`: it is not entered. */
export function enterRemote(
  kind: RegistrationKind,
  remote: RemoteObject,
  registries: Registries,
  pipelines: Pipelines,
): Disposable {
  return ways[kind](remote, registries, pipelines);
}

/** What people are shown stands in the manifest: code registers itself behind what its own manifest says. */
function declared(kind: DeclaredKind, enter: Enter): Enter {
  return (remote, registries, pipelines) => {
    if (registries.contributions.find(kind, remote.id)?.extension !== remote.extension)
      throw fail('invalid', `the manifest's contributes.${kind} has no ${remote.id}`, { field: 'id' });
    return enter(remote, registries, pipelines);
  };
}

function wantType({ id }: RemoteObject, { contributions }: Registries, type: string): void {
  const found = contributions.find('views', id)?.type;
  if (found !== type)
    throw fail('invalid', `the manifest says that ${id} is a ${String(found)}`, { field: 'id' });
}

function tap<T>(remote: RemoteObject, ...args: readonly unknown[]): Promise<T> {
  return remote.call<T>('tap', args, { timeoutMs: shortMs });
}

/** One that is unregistered has stopped by itself. */
function stop(remote: RemoteObject): void {
  if (remote.isThere) remote.call('stop', []).catch(() => undefined);
}

function isAnnouncedSession(value: unknown): value is AnnouncedSession {
  const { key, sdp, url = '' } = (value ?? {}) as Partial<AnnouncedSession>;
  return [
    typeof key === 'string' && key.length <= 256,
    typeof sdp === 'string' && sdp.length <= maxSdpBytes,
    typeof url === 'string' && url.length <= maxUrlLength,
  ].every(Boolean);
}
