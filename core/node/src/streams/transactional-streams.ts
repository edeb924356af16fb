import { isDeepStrictEqual } from 'node:util';
import { DisposableStore, fail, toProblem, type Disposable } from '@tutti/base';
import type {
  AddReceiver,
  AddSender,
  ChangeReceiver,
  ChangeSender,
  DeviceInfo,
  PatchRequest,
  RouteInfo,
} from '@tutti/common';
import { deviceRates, readSdp, type SessionDescription } from '@tutti/model';
import type { Interfaces } from '../platform/interfaces.ts';
import type { Log } from '../platform/log.ts';
import type { Pipelines } from '../registries/pipelines.ts';
import type { Registries } from '../registries/registries.ts';
import type { Catalogue } from '../sessions/catalogue.ts';
import type { Configuration } from '../state/configuration.ts';
import type { StateStore } from '../state/state-store.ts';
import type { StoredReceiver, StoredSender, StoredState } from '../state/stored-state.ts';
import { describeUrl } from './describe-url.ts';
import { addressesTowards, freePort, isSentOnRequest } from './on-request.ts';
import { addedBy, applyPatch, undoOf, type PreparedReceiver } from './patch.ts';
import { changeReceiver, makeReceiver, sourceOf, type ReceiverSource } from './receiver-request.ts';
import type { FetchedDescription, Receptions } from './receptions.ts';
import type { Reconciler } from './reconciler.ts';
import { withItem, withoutItem } from './stream-lists.ts';
import { listRoutes, streamsOf, withoutRoutes, withRoutes } from './route-requests.ts';
import { checkRoutes } from './routes.ts';
import { splitUserInfo, type SourceCredentials, type SplitUrl } from './source-credentials.ts';
import { changeSender, makeSender, type SenderDefaults } from './sender-request.ts';
import { beyondDeviceFix } from './stream-problems.ts';
import { receiverWillStart, senderWillStart } from './start-hooks.ts';
import type { Patched, Streams } from './streams.ts';

export interface StreamsParts {
  readonly reconciler: Reconciler;
  readonly state: StateStore;
  readonly catalogue: Catalogue;
  readonly pipelines: Pipelines;
  readonly interfaces: Interfaces;
  readonly registries: Registries;
  readonly configuration: Configuration;
  readonly receptions: Receptions;
  readonly credentials: SourceCredentials;
  readonly log: Log;
}

/** {@link Streams}, each change one transaction of the {@link Reconciler}. */
export class TransactionalStreams implements Streams, Disposable {
  readonly #parts: StreamsParts;
  readonly #store = new DisposableStore();

  constructor(parts: StreamsParts) {
    this.#parts = parts;
    this.#store.add(
      parts.catalogue.onDidChangeSession(
        ({ id, description }) => void this.#follow((each) => each.sessionId === id, description),
      ),
    );
    this.#store.add(parts.receptions.onDidDescribe((fetched) => void this.#followUrl(fetched)));
  }

  async addReceiver(wanted: AddReceiver): Promise<StoredReceiver> {
    const { interfaces, log } = this.#parts;
    const { request, source } = await this.#prepare(wanted);
    await this.#keepPasswords([source]);
    const state = await this.#change(
      (current) => withItem(current, 'receivers', 'r', makeReceiver(request, source, current, interfaces)),
      (next) => newest(next.receivers),
    );
    const added = last(state.receivers);
    log.info('receiver.added', `receiver ${added.id}: ${added.name}`, { id: added.id });
    return added;
  }

  async changeReceiver(id: string, change: ChangeReceiver): Promise<void> {
    await this.#change(
      (state) => {
        withoutItem(state.receivers, id, 'receiver'); // says so if there is none
        const receivers = state.receivers.map((each) =>
          each.id === id ? changeReceiver(each, change) : each,
        );
        return { ...state, receivers };
      },
      () => [id],
    );
    this.#parts.log.info('receiver.changed', `receiver ${id} changed`, { id, ...change });
  }

  async removeReceiver(id: string): Promise<void> {
    await this.#change((state) => ({ ...state, receivers: withoutItem(state.receivers, id, 'receiver') }));
    this.#parts.log.info('receiver.removed', `receiver ${id} removed`, { id });
  }

  async addSender(wanted: AddSender): Promise<StoredSender> {
    const { interfaces, catalogue, pipelines, state: store, log } = this.#parts;
    const defaults = this.#senderDefaults();
    const make = (request: AddSender, current: StoredState): Omit<StoredSender, 'id'> =>
      makeSender(request, current, interfaces, usedGroups(catalogue, current), defaults);
    const request = await senderWillStart(pipelines, wanted, () => make(wanted, store.current));
    const state = await this.#change(
      (current) => withItem(current, 'senders', 's', make(request, current)),
      (next) => newest(next.senders),
    );
    const added = last(state.senders);
    log.info('sender.added', `sender ${added.id}: ${added.name}`, { id: added.id });
    return added;
  }

  async changeSender(id: string, change: ChangeSender): Promise<void> {
    const { interfaces, catalogue, log } = this.#parts;
    const defaults = this.#senderDefaults();
    await this.#change(
      (state) => {
        const others = { ...state, senders: withoutItem(state.senders, id, 'sender') };
        const senders = state.senders.map((each) =>
          each.id === id
            ? changeSender(each, change, others, interfaces, usedGroups(catalogue, others), defaults)
            : each,
        );
        return { ...state, senders };
      },
      () => [id],
    );
    log.info('sender.changed', `sender ${id} changed`, { id, ...change });
  }

  async removeSender(id: string): Promise<void> {
    await this.#change((state) => ({ ...state, senders: withoutItem(state.senders, id, 'sender') }));
    this.#parts.log.info('sender.removed', `sender ${id} removed`, { id });
  }

  routes(): readonly RouteInfo[] {
    return listRoutes(this.#parts.state.current);
  }

  async setRoutes(routes: readonly RouteInfo[]): Promise<readonly RouteInfo[]> {
    const inForce = (id: string): boolean => this.#parts.reconciler.problemOf(id) === undefined;
    return listRoutes(
      await this.#change(
        (state) => withRoutes(state, routes),
        () => streamsOf(routes).filter(inForce),
      ),
    );
  }

  async clearRoutes(routes: readonly RouteInfo[]): Promise<readonly RouteInfo[]> {
    return listRoutes(await this.#change((state) => withoutRoutes(state, routes)));
  }

  async patch(request: PatchRequest): Promise<Patched> {
    const { interfaces, reconciler, log } = this.#parts;
    const receive = await Promise.all((request.receive ?? []).map((wanted) => this.#prepare(wanted)));
    let before = this.#parts.state.current;
    const change = (state: StoredState): StoredState => {
      before = state;
      const next = applyPatch(state, request, receive, interfaces);
      checkRoutes(next);
      return next;
    };
    const inForce = (id: string): boolean => reconciler.problemOf(id) === undefined;
    if (request.dryRun !== true) await this.#keepPasswords(receive.map(({ source }) => source));
    const subjects = (next: StoredState): readonly string[] => [
      ...addedBy(before, next).map(({ id }) => id),
      ...streamsOf(request.set ?? []).filter(inForce),
    ];
    const after = await (request.dryRun === true
      ? reconciler.tryChange(change, subjects)
      : reconciler.change(change, subjects));
    const done = { added: addedBy(before, after), undo: undoOf(before, after) };
    if (request.dryRun !== true) {
      const made = done.undo.clear?.length ?? 0;
      const cleared = done.undo.set?.length ?? 0;
      log.info(
        'routes.patched',
        `${made} routes made, ${cleared} cleared, ${done.added.length} receivers added`,
      );
    }
    return done;
  }

  async setDevice({ rate, name }: Partial<Pick<DeviceInfo, 'rate' | 'name'>>): Promise<void> {
    if (rate !== undefined && !deviceRates.includes(rate)) {
      throw fail('invalid', `the device cannot run at ${rate} Hz`, {
        field: 'rate',
        fix: [`one of ${deviceRates.join(', ')}`, beyondDeviceFix(rate) ?? []].flat().join('; '),
      });
    }
    if (name !== undefined && (name.trim() === '' || name.length > 64)) {
      throw fail('invalid', 'a device name has 1 to 64 characters', { field: 'name' });
    }
    await this.#change(
      (state) => ({
        ...state,
        device: { ...state.device, ...(rate !== undefined && { rate }), ...(name !== undefined && { name }) },
      }),
      () => ['device'],
    );
    this.#parts.log.info(
      'device.changed',
      `the device is set to ${rate ?? 'the same rate'}, ${name ?? 'the same name'}`,
    );
  }

  dispose(): void {
    this.#store.dispose();
  }

  #senderDefaults(): SenderDefaults {
    const { configuration } = this.#parts;
    return {
      payloadType: configuration.get<number>('senders.payloadType'),
      dscp: configuration.get<number>('senders.dscp'),
      ttl: configuration.get<number>('senders.ttl'),
      groupPrefix: configuration.get<string>('senders.groupPrefix'),
    };
  }

  #change(
    change: (state: StoredState) => StoredState,
    subjects: (state: StoredState) => readonly string[] = () => [],
  ): Promise<StoredState> {
    return this.#parts.reconciler.change((state) => {
      const next = change(state);
      checkRoutes(next);
      return next;
    }, subjects);
  }

  /** Before the state knows them: their streams are asked for then. */
  async #keepPasswords(sources: readonly ReceiverSource[]): Promise<void> {
    for (const { url, userInfo } of sources)
      if (url !== undefined) await this.#parts.credentials.keep({ url, userInfo });
  }

  /** A URL is replaced by the description behind it. */
  async #fetched(request: AddReceiver, split: SplitUrl | undefined): Promise<AddReceiver> {
    if (split === undefined) return request;
    if (request.sdp !== undefined || request.sessionId !== undefined)
      throw fail('invalid', 'a receiver is made from a session, an SDP or a URL', {
        field: 'url',
        fix: 'give exactly one of them',
      });
    return { ...request, sdp: await describeUrl(this.#parts.registries.sources, split) };
  }

  /** Finds the description of a receiver that is wanted, and lets extensions have their say about both. */
  async #prepare({ url: asked, ...request }: AddReceiver): Promise<PreparedReceiver> {
    const split = asked === undefined ? undefined : this.#split(asked);
    const wanted = await this.#fetched(request, split);
    const found = await this.#repaired(
      sourceOf(wanted, (id) => this.#parts.catalogue.find(id)),
      wanted.sdp,
    );
    const source = await this.#withPlace({ ...found, userInfo: split?.userInfo }, request, split?.url);
    return { request: await receiverWillStart(this.#parts.pipelines, wanted, source), source };
  }

  /** The password that is kept for a URL serves whoever gives it without. */
  #split(asked: string): SplitUrl {
    const split = splitUserInfo(asked);
    return split.userInfo === undefined ? splitUserInfo(this.#parts.credentials.complete(asked)) : split;
  }

  /** Where the description is followed, and a port if its stream is sent on request. */
  async #withPlace(
    source: ReceiverSource,
    { stream: index = 0 }: AddReceiver,
    asked: string | undefined,
  ): Promise<ReceiverSource> {
    const { description, session } = source;
    const url = asked ?? session?.seenBy.find((each) => each.url !== undefined)?.url;
    const stream = description.streams[index];
    const onRequest = stream !== undefined && isSentOnRequest(stream, url);
    if (url === undefined || !(onRequest || asked !== undefined)) return source;
    if (!onRequest) return { ...source, url };
    return { ...source, url, port: await this.#freePort(), near: await addressesTowards(url) };
  }

  #freePort(): Promise<number> {
    return freePort(new Set(this.#parts.state.current.receivers.flatMap(({ port }) => port ?? [])));
  }

  async #repaired(source: ReceiverSource, sdp: string | undefined): Promise<ReceiverSource> {
    if (sdp === undefined) return source;
    return { ...source, description: await this.#parts.pipelines.sessionParsed.run(source.description, sdp) };
  }

  async #followUrl({ receiverId, sdp }: FetchedDescription): Promise<void> {
    const { session, problems } = readSdp(sdp);
    if (session === undefined) {
      const why = problems[0]?.message ?? 'it is empty';
      this.#parts.log.warn('receiver.unfollowed', `the new description for ${receiverId} is no use: ${why}`);
      return;
    }
    const description = await this.#parts.pipelines.sessionParsed.run(session, sdp);
    await this.#follow(({ id, sessionId }) => id === receiverId && sessionId === undefined, description);
  }

  /** What receivers follow has another description: another group, offset or format. */
  async #follow(
    isMeant: (receiver: StoredReceiver) => boolean,
    { name, streams }: SessionDescription,
  ): Promise<void> {
    const { state, log } = this.#parts;
    const free = new Map<string, number>();
    const isRequested = ({ url, streamIndex }: StoredReceiver): boolean => {
      const stream = streams[streamIndex];
      return stream !== undefined && isSentOnRequest(stream, url);
    };
    const update = (receiver: StoredReceiver): StoredReceiver => {
      const stream = streams[receiver.streamIndex];
      if (!isMeant(receiver) || stream === undefined) return receiver;
      const routes = receiver.routes.filter(([channel]) => channel < stream.channels);
      const { port: before = free.get(receiver.id), ...rest } = receiver;
      const port = isRequested(receiver) ? before : undefined;
      return { ...rest, stream, routes, ...(port !== undefined && { port }) };
    };
    try {
      for (const each of state.current.receivers)
        if (isMeant(each) && each.port === undefined && isRequested(each))
          free.set(each.id, await this.#freePort());
      const differs = state.current.receivers.some((each) => !isDeepStrictEqual(update(each), each));
      if (!differs) return;
      await this.#change((current) => ({ ...current, receivers: current.receivers.map(update) }));
      log.info('receiver.followed', `receivers follow the new description of ${name}`);
    } catch (error) {
      log.warn('receiver.unfollowed', `receivers of ${name} cannot follow it: ${toProblem(error).message}`);
    }
  }
}

/** The groups that sessions on the network and senders of ours use. */
function usedGroups(catalogue: Catalogue, state: StoredState): ReadonlySet<string> {
  const known = catalogue.list().flatMap((each) => each.description.streams.flatMap((stream) => stream.legs));
  return new Set([...known, ...state.senders.flatMap((each) => each.legs)].map((leg) => leg.address));
}

const newest = (items: readonly { readonly id: string }[]): readonly string[] =>
  items.slice(-1).map((each) => each.id);

function last<T>(items: readonly T[]): T {
  const item = items.at(-1);
  if (item === undefined) throw new Error('the state lost what was added');
  return item;
}
