import type { Reception, SessionSource } from '@tutti/api';
import { DisposableStore, Emitter, fail, toProblem, type Disposable, type Problem } from '@tutti/base';
import type { EnginePlan } from '@tutti/common';
import type { Log } from '../platform/log.ts';
import type { Registries } from '../registries/registries.ts';
import type { StateStore } from '../state/state-store.ts';
import type { StoredReceiver } from '../state/stored-state.ts';
import { schemeOf } from './describe-url.ts';
import type { FetchedDescription, Receptions } from './receptions.ts';
import type { Reconciler } from './reconciler.ts';
import type { SourceCredentials } from './source-credentials.ts';

/** A source that was asked for a receiver's stream. */
interface Running {
  /** What was asked for; something else is asked for anew. */
  readonly wanted: string;
  readonly source: SessionSource | undefined;
  entry: Disposable | undefined;
  sdp: string;
}

/** {@link Receptions} over the registry of sources: moves the difference between what is wanted and what runs. */
export class SourceReceptions implements Receptions, Disposable {
  readonly #state: StateStore;
  readonly #reconciler: Reconciler;
  readonly #registries: Registries;
  readonly #credentials: SourceCredentials;
  readonly #log: Log;
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new Emitter<void>());
  readonly #described = this.#store.add(new Emitter<FetchedDescription>());
  readonly #running = new Map<string, Running>();
  readonly #problems = new Map<string, Problem>();

  readonly onDidChange = this.#changed.event;
  readonly onDidDescribe = this.#described.event;

  constructor(
    state: StateStore,
    reconciler: Reconciler,
    registries: Registries,
    credentials: SourceCredentials,
    log: Log,
  ) {
    this.#credentials = credentials;
    this.#state = state;
    this.#reconciler = reconciler;
    this.#registries = registries;
    this.#log = log;
  }

  start(): void {
    const update = (): void => this.#update();
    // A receiver that was removed may have come back until now.
    this.#credentials
      .keepOnly(new Set(this.#state.current.receivers.flatMap(({ url }) => url ?? [])))
      .catch((error: unknown) => this.#log.warn('credentials.unwritten', toProblem(error).message));
    this.#store.add(this.#state.onDidChange(update));
    this.#store.add(this.#reconciler.onDidChange(update));
    this.#store.add(this.#registries.sources.onDidChange(update));
    update();
  }

  problemOf(receiverId: string): Problem | undefined {
    return this.#problems.get(receiverId);
  }

  /** Releases nothing: when the host ends alone audio goes on, and when extensions end they release by themselves. */
  dispose(): void {
    this.#store.dispose();
    this.#running.clear();
  }

  #update(): void {
    const { plan } = this.#reconciler;
    const wanted = new Map(
      this.#state.current.receivers.flatMap((each) => {
        const reception = receptionOf(each, plan);
        return reception === undefined ? [] : [[each.id, reception] as const];
      }),
    );
    for (const [id, running] of [...this.#running]) {
      const reception = wanted.get(id);
      const stays =
        this.#wantedOf(reception) === running.wanted && this.#sourceOf(reception) === running.source;
      if (!stays) this.#end(id);
    }
    for (const [id, reception] of wanted) if (!this.#running.has(id)) this.#begin(id, reception);
    for (const id of [...this.#problems.keys()]) if (!wanted.has(id)) this.#say(id, undefined);
  }

  /** As its source is asked: with the password. */
  #completed(reception: Reception): Reception {
    return { ...reception, url: this.#credentials.complete(reception.url) };
  }

  #wantedOf(reception: Reception | undefined): string {
    return JSON.stringify(reception && this.#completed(reception));
  }

  #sourceOf(reception: Reception | undefined): SessionSource | undefined {
    return reception && this.#registries.sources.get(schemeOf(reception.url) ?? '');
  }

  #begin(id: string, reception: Reception): void {
    const source = this.#sourceOf(reception);
    const running: Running = { wanted: this.#wantedOf(reception), source, entry: undefined, sdp: '' };
    this.#running.set(id, running);
    const isCurrent = (): boolean => this.#running.get(id) === running;
    const failed = (error: unknown): void => {
      if (isCurrent()) this.#failed(id, reception, toProblem(error));
    };
    if (source?.receive === undefined) {
      const scheme = `${schemeOf(reception.url) ?? ''}://`;
      const fix = 'see "tutti extension list"';
      return failed(
        fail('unsupported', `no extension that is enabled has ${scheme} streams sent`, { field: 'url', fix }),
      );
    }
    source
      .receive(this.#completed(reception), {
        described: (sdp) => {
          if (!isCurrent() || sdp === running.sdp) return;
          running.sdp = sdp;
          this.#described.fire({ receiverId: id, sdp });
        },
        opened: () => {
          if (isCurrent() && reception.transport !== undefined) this.#opened(id, reception);
        },
        failed: (reason) => failed(fail('unavailable', reason, { field: 'url' })),
      })
      .then((entry) => {
        if (isCurrent()) running.entry = entry;
        else entry.dispose();
      })
      .catch(failed);
  }

  #end(id: string): void {
    const running = this.#running.get(id);
    this.#running.delete(id);
    try {
      running?.entry?.dispose();
    } catch (error) {
      this.#log.warn('receiver.release', `${id}: ${toProblem(error).message}`, { id });
    }
  }

  #opened(id: string, { url }: Reception): void {
    this.#log.info('receiver.sent', `receiver ${id}: its stream is sent by ${url}`, { id });
    this.#say(id, undefined);
  }

  #failed(id: string, { url, transport }: Reception, problem: Problem): void {
    if (transport === undefined) {
      // It plays on as it was described before.
      this.#log.warn('receiver.unfollowed', `receiver ${id} cannot follow ${url}: ${problem.message}`, {
        id,
      });
      return;
    }
    const message = `the stream is not sent to us: ${problem.message}`;
    this.#log.warn('receiver.not-sent', `receiver ${id}: ${message}`, { id });
    this.#say(id, { ...problem, message });
  }

  #say(id: string, problem: Problem | undefined): void {
    if (problem === undefined && !this.#problems.has(id)) return;
    if (problem === undefined) this.#problems.delete(id);
    else this.#problems.set(id, problem);
    this.#changed.fire();
  }
}

/** Undefined for receivers that nobody needs to look after: those of texts, and those that follow the catalogue. */
function receptionOf(receiver: StoredReceiver, plan: EnginePlan | undefined): Reception | undefined {
  const { id, url, port, stream, sessionId } = receiver;
  if (url === undefined) return undefined;
  if (port === undefined) return sessionId === undefined ? { url } : undefined;
  // Nobody is to send before the engine listens.
  const leg = plan?.receivers.find((each) => each.id === id)?.legs[0];
  if (leg === undefined) return undefined;
  return { url, transport: { control: stream.control ?? '*', address: leg.address, port } };
}
