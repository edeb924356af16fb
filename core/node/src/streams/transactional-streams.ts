import { DisposableStore, fail, toProblem, type Disposable } from '@tutti/base';
import type {
  AddReceiver,
  AddSender,
  ChangeReceiver,
  DeviceInfo,
  RouteInfo,
  SessionInfo,
} from '@tutti/common';
import { deviceRates } from '@tutti/model';
import type { Interfaces } from '../platform/interfaces.ts';
import type { Log } from '../platform/log.ts';
import type { Pipelines } from '../registries/pipelines.ts';
import type { Registries } from '../registries/registries.ts';
import type { Catalogue } from '../sessions/catalogue.ts';
import type { Configuration } from '../state/configuration.ts';
import type { StateStore } from '../state/state-store.ts';
import type { StoredReceiver, StoredSender, StoredState } from '../state/stored-state.ts';
import { changeReceiver, makeReceiver, sourceOf, type ReceiverSource } from './receiver-request.ts';
import type { Reconciler } from './reconciler.ts';
import { listRoutes, streamsOf, withoutRoutes, withRoutes } from './route-requests.ts';
import { checkRoutes } from './routes.ts';
import { makeSender } from './sender-request.ts';
import { receiverWillStart, senderWillStart } from './start-hooks.ts';
import type { Streams } from './streams.ts';

export interface StreamsParts {
  readonly reconciler: Reconciler;
  readonly state: StateStore;
  readonly catalogue: Catalogue;
  readonly pipelines: Pipelines;
  readonly interfaces: Interfaces;
  readonly registries: Registries;
  readonly configuration: Configuration;
  readonly log: Log;
}

/** {@link Streams}, each change one transaction of the {@link Reconciler}. */
export class TransactionalStreams implements Streams, Disposable {
  readonly #parts: StreamsParts;
  readonly #store = new DisposableStore();

  constructor(parts: StreamsParts) {
    this.#parts = parts;
    this.#store.add(parts.catalogue.onDidChangeSession((session) => void this.#follow(session)));
  }

  async addReceiver(wanted: AddReceiver): Promise<StoredReceiver> {
    const { catalogue, interfaces, pipelines, log } = this.#parts;
    const source = await this.#repaired(
      sourceOf(wanted, (id) => catalogue.find(id)),
      wanted.sdp,
    );
    const request = await receiverWillStart(pipelines, wanted, source);
    const state = await this.#change(
      (current) => add(current, 'receivers', 'r', makeReceiver(request, source, current, interfaces)),
      (next) => newest(next.receivers),
    );
    const added = last(state.receivers);
    log.info('receiver.added', `receiver ${added.id}: ${added.name}`, { id: added.id });
    return added;
  }

  async changeReceiver(id: string, change: ChangeReceiver): Promise<void> {
    await this.#change(
      (state) => {
        without(state.receivers, id, 'receiver'); // says so if there is none
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
    await this.#change((state) => ({ ...state, receivers: without(state.receivers, id, 'receiver') }));
    this.#parts.log.info('receiver.removed', `receiver ${id} removed`, { id });
  }

  async addSender(wanted: AddSender): Promise<StoredSender> {
    const { interfaces, configuration, catalogue, pipelines, state: store, log } = this.#parts;
    const defaults = {
      payloadType: configuration.get<number>('senders.payloadType'),
      dscp: configuration.get<number>('senders.dscp'),
      ttl: configuration.get<number>('senders.ttl'),
      groupPrefix: configuration.get<string>('senders.groupPrefix'),
    };
    const make = (request: AddSender, current: StoredState): Omit<StoredSender, 'id'> =>
      makeSender(request, current, interfaces, usedGroups(catalogue, current), defaults);
    const request = await senderWillStart(pipelines, wanted, () => make(wanted, store.current));
    const state = await this.#change(
      (current) => add(current, 'senders', 's', make(request, current)),
      (next) => newest(next.senders),
    );
    const added = last(state.senders);
    log.info('sender.added', `sender ${added.id}: ${added.name}`, { id: added.id });
    return added;
  }

  async removeSender(id: string): Promise<void> {
    await this.#change((state) => ({ ...state, senders: without(state.senders, id, 'sender') }));
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

  async setDevice({ rate, name }: Partial<Pick<DeviceInfo, 'rate' | 'name'>>): Promise<void> {
    if (rate !== undefined && !deviceRates.includes(rate)) {
      throw fail('invalid', `the device cannot run at ${rate} Hz`, {
        field: 'rate',
        fix: `one of ${deviceRates.join(', ')}`,
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

  async #repaired(source: ReceiverSource, sdp: string | undefined): Promise<ReceiverSource> {
    if (sdp === undefined) return source;
    return { ...source, description: await this.#parts.pipelines.sessionParsed.run(source.description, sdp) };
  }

  /** A session that receivers follow has another description: another group, offset or format. */
  async #follow(session: SessionInfo): Promise<void> {
    const { state, log } = this.#parts;
    const update = (receiver: StoredReceiver): StoredReceiver => {
      const stream = session.description.streams[receiver.streamIndex];
      if (receiver.sessionId !== session.id || stream === undefined) return receiver;
      const routes = receiver.routes.filter(([channel]) => channel < stream.channels);
      return { ...receiver, stream, routes };
    };
    const differs = state.current.receivers.some(
      (each) => JSON.stringify(update(each)) !== JSON.stringify(each),
    );
    if (!differs) return;
    try {
      await this.#change((current) => ({ ...current, receivers: current.receivers.map(update) }));
      log.info('receiver.followed', `receivers follow the new description of ${session.name}`);
    } catch (error) {
      log.warn(
        'receiver.unfollowed',
        `receivers of ${session.name} cannot follow it: ${toProblem(error).message}`,
      );
    }
  }
}

/** The groups that sessions on the network and senders of ours use. */
function usedGroups(catalogue: Catalogue, state: StoredState): ReadonlySet<string> {
  const known = catalogue.list().flatMap((each) => each.description.streams.flatMap((stream) => stream.legs));
  return new Set([...known, ...state.senders.flatMap((each) => each.legs)].map((leg) => leg.address));
}

function add<K extends 'receivers' | 'senders'>(
  state: StoredState,
  list: K,
  letter: string,
  item: Omit<StoredState[K][number], 'id'>,
): StoredState {
  return {
    ...state,
    nextId: state.nextId + 1,
    [list]: [...state[list], { ...item, id: `${letter}${state.nextId}` }],
  };
}

function without<T extends { readonly id: string }>(
  items: readonly T[],
  id: string,
  what: string,
): readonly T[] {
  if (!items.some((each) => each.id === id)) {
    throw fail('notFound', `no ${what} ${id}`, { field: 'id', fix: `see "tutti ${what} list"` });
  }
  return items.filter((each) => each.id !== id);
}

const newest = (items: readonly { readonly id: string }[]): readonly string[] =>
  items.slice(-1).map((each) => each.id);

function last<T>(items: readonly T[]): T {
  const item = items.at(-1);
  if (item === undefined) throw new Error('the state lost what was added');
  return item;
}
