import type { PublishedSession, SessionPublisher } from '@tutti/api';
import { DisposableStore, Emitter, fail, toProblem, type Disposable } from '@tutti/base';
import type { Log } from '../platform/log.ts';
import type { Pipelines } from '../registries/pipelines.ts';
import type { Registries } from '../registries/registries.ts';
import type { StateStore } from '../state/state-store.ts';
import type { StoredSender, StoredState } from '../state/stored-state.ts';
import type { EnvironmentSource } from '../streams/environment-source.ts';
import { addressOf } from '../streams/plan-environment.ts';
import type { Reconciler } from '../streams/reconciler.ts';
import type { Publishing } from './publishing.ts';
import { describeSender } from './sender-description.ts';

/**
 * {@link Publishing}. The version of a session rises with every change of its text and only then, also over restarts:
 * receivers of some makers show stale routes otherwise (bondagit/aes67-linux-daemon issue 10).
 */
export class SenderPublishing implements Publishing, Disposable {
  readonly #state: StateStore;
  readonly #reconciler: Reconciler;
  readonly #environment: EnvironmentSource;
  readonly #registries: Registries;
  readonly #pipelines: Pipelines;
  readonly #log: Log;
  readonly #store = new DisposableStore();
  readonly #emitter = this.#store.add(new Emitter<void>());
  readonly #texts = new Map<string, string>();
  /** What each publisher was given last. */
  readonly #given = new Map<SessionPublisher, string>();
  #queue: Promise<void> = Promise.resolve();
  #pending = false;
  #ending = false;

  readonly onDidChange = this.#emitter.event;

  constructor(
    state: StateStore,
    reconciler: Reconciler,
    environment: EnvironmentSource,
    registries: Registries,
    pipelines: Pipelines,
    log: Log,
  ) {
    this.#state = state;
    this.#reconciler = reconciler;
    this.#environment = environment;
    this.#registries = registries;
    this.#pipelines = pipelines;
    this.#log = log;
  }

  sdpOf(senderId: string): string {
    const sender = this.#state.current.senders.find((each) => each.id === senderId);
    if (sender === undefined)
      throw fail('notFound', `no sender ${senderId}`, { field: 'id', fix: 'see "tutti sender list"' });
    return this.#texts.get(senderId) ?? this.#describe(sender);
  }

  start(): void {
    const update = (): void => this.#schedule();
    this.#store.add(this.#reconciler.onDidChange(update));
    this.#store.add(this.#environment.onDidChange(update));
    this.#store.add(this.#registries.publishers.onDidChange(update));
    update();
  }

  flush(): Promise<void> {
    return this.#queue;
  }

  async withdraw(): Promise<void> {
    this.#ending = true;
    await this.#queue;
    await this.#give([]);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #schedule(): void {
    if (this.#pending || this.#ending) return;
    this.#pending = true;
    this.#queue = this.#queue.then(async () => {
      this.#pending = false;
      try {
        await this.#raiseVersions();
        await this.#give(await this.#sessions());
      } catch (error) {
        this.#log.error('publish.failed', `senders cannot be published: ${toProblem(error).message}`);
      }
      this.#emitter.fire();
    });
  }

  #describe(sender: StoredSender): string {
    return describeSender(sender, this.#state.current.device, this.#environment.current());
  }

  /** Publishable: in force, on a clock that is known. */
  #ready(): readonly StoredSender[] {
    if (this.#environment.current().clock === undefined) return [];
    return this.#state.current.senders.filter((each) => this.#reconciler.problemOf(each.id) === undefined);
  }

  async #raiseVersions(): Promise<void> {
    const body = (sender: StoredSender): string => this.#describe({ ...sender, sessionVersion: 0 });
    const changed = new Map(
      this.#ready().flatMap((each) =>
        body(each) === each.published ? [] : [[each.id, body(each)] as const],
      ),
    );
    if (changed.size === 0) return;
    await this.#state.update((state: StoredState) => ({
      ...state,
      senders: state.senders.map((each) => {
        const published = changed.get(each.id);
        return published === undefined
          ? each
          : { ...each, published, sessionVersion: each.sessionVersion + 1 };
      }),
    }));
  }

  async #sessions(): Promise<readonly PublishedSession[]> {
    this.#texts.clear();
    const sessions: PublishedSession[] = [];
    for (const sender of this.#ready()) {
      const sdp = await this.#pipelines.sdpWillPublish.run(this.#describe(sender), sender.id);
      const interfaceAddress = addressOf(this.#environment.current(), sender.legs[0]?.interface ?? '');
      this.#texts.set(sender.id, sdp);
      if (interfaceAddress !== undefined) sessions.push({ id: sender.id, sdp, interfaceAddress });
    }
    return sessions;
  }

  async #give(sessions: readonly PublishedSession[]): Promise<void> {
    const text = JSON.stringify(sessions);
    const publishers = this.#registries.publishers.entries();
    const present = new Set(publishers.map(([, publisher]) => publisher));
    for (const publisher of this.#given.keys()) if (!present.has(publisher)) this.#given.delete(publisher);
    await Promise.all(
      publishers.map(async ([id, publisher]) => {
        if ((this.#given.get(publisher) ?? '[]') === text) return;
        try {
          await publisher.publish(sessions);
          this.#given.set(publisher, text);
          this.#log.info('publish.done', `${id} announces ${sessions.length} senders`);
        } catch (error) {
          this.#log.error('publish.failed', `${id} cannot announce: ${toProblem(error).message}`);
        }
      }),
    );
  }
}
