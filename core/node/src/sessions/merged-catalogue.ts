import type { AnnouncedSession, DiscoveryProvider } from '@tutti/api';
import { DisposableStore, Emitter, toProblem, type Disposable } from '@tutti/base';
import type { SessionInfo } from '@tutti/common';
import { readSdp } from '@tutti/model';
import type { Log } from '../platform/log.ts';
import type { Paths } from '../platform/paths.ts';
import type { Pipelines } from '../registries/pipelines.ts';
import type { Registries } from '../registries/registries.ts';
import { JsonStore } from '../state/json-store.ts';
import { checkWith } from '../state/schema.ts';
import type { StateStore } from '../state/state-store.ts';
import type { Catalogue } from './catalogue.ts';
import { maxSessions, SessionTable, type RememberedSession } from './session-table.ts';

/** What is gone is remembered this long. */
const rememberMs = 7 * 24 * 3600 * 1000;
/** Taps come in swarms, as when a process of extensions starts: sessions are read again when it is over. */
const rereadMs = 200;
/** "Last seen" changes all the time: it reaches the disk this seldom. */
const saveMs = 10_000;

const checkRemembered = checkWith({
  type: 'array',
  maxItems: maxSessions,
  items: {
    type: 'object',
    required: ['sdp', 'seenBy'],
    properties: {
      sdp: { type: 'string', maxLength: 65536 },
      seenBy: { type: 'array', items: { type: 'object', required: ['provider', 'lastSeen'] } },
    },
  },
});

/** {@link Catalogue} over the discovery registry. */
export class MergedCatalogue implements Catalogue, Disposable {
  readonly #registries: Registries;
  readonly #pipelines: Pipelines;
  readonly #state: StateStore;
  readonly #log: Log;
  readonly #table = new SessionTable();
  readonly #disk: JsonStore<readonly RememberedSession[]>;
  readonly #providers = new Map<
    DiscoveryProvider,
    { readonly id: string; readonly looking: DisposableStore }
  >();
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new Emitter<void>());
  readonly #sessionChanged = this.#store.add(new Emitter<SessionInfo>());
  /** Texts of announcements that cannot be used, so that each is reported once. */
  readonly #refused = new Map<string, string>();
  /** Providers that have been asked to look and do not yet. */
  readonly #starting = new Set<Promise<void>>();
  #save: NodeJS.Timeout | undefined;
  #reread: NodeJS.Timeout | undefined;
  /** Announcements are read one after the other, so that a slow hook cannot turn their order round. */
  #queue: Promise<void> = Promise.resolve();

  readonly onDidChange = this.#changed.event;
  readonly onDidChangeSession = this.#sessionChanged.event;

  constructor(paths: Paths, registries: Registries, pipelines: Pipelines, state: StateStore, log: Log) {
    this.#registries = registries;
    this.#pipelines = pipelines;
    this.#state = state;
    this.#log = log;
    this.#disk = new JsonStore({
      path: paths.sessions,
      version: 1,
      check: (value) => {
        const wrong = checkRemembered(value);
        return wrong === undefined
          ? { ok: true, value: value as readonly RememberedSession[] }
          : { ok: false, error: wrong };
      },
      onDamage: (report) =>
        log.warn('sessions.damaged', `${report.path} was damaged (${report.reason}); set aside`),
    });
  }

  list(): readonly SessionInfo[] {
    return this.#table.list().map((each) => this.#withSender(each));
  }

  find(idOrName: string): SessionInfo | undefined {
    const all = this.#table.list();
    const exact = all.find((each) => each.id === idOrName);
    if (exact !== undefined) return this.#withSender(exact);
    const named = all.filter((each) => each.name === idOrName);
    const begun = idOrName.length >= 4 ? all.filter((each) => each.id.startsWith(idOrName)) : [];
    const only = named.length > 0 ? named : begun;
    return only.length === 1 && only[0] !== undefined ? this.#withSender(only[0]) : undefined;
  }

  async start(): Promise<void> {
    for (const each of (await this.#disk.load()) ?? []) {
      const { session, problems } = readSdp(each.sdp);
      if (session !== undefined) this.#table.remember(each, session, problems);
    }
    this.#table.forgetBefore(new Date(Date.now() - rememberMs).toISOString());
    this.#store.add(this.#registries.discovery.onDidChange(() => this.#followProviders()));
    this.#followProviders();
    this.#store.add(this.#pipelines.sessionParsed.onDidTap(() => this.#scheduleRereading()));
  }

  async looking(): Promise<void> {
    await Promise.all(this.#starting);
  }

  async flush(): Promise<void> {
    clearTimeout(this.#save);
    this.#save = undefined;
    await this.#queue;
    await this.#write();
  }

  dispose(): void {
    clearTimeout(this.#save);
    clearTimeout(this.#reread);
    for (const { looking } of this.#providers.values()) looking.dispose();
    this.#providers.clear();
    this.#store.dispose();
  }

  #withSender(session: SessionInfo): SessionInfo {
    const { username, sessionId } = session.description.origin;
    const sender = this.#state.current.senders.find(
      (each) => username === '-' && each.sessionId === sessionId,
    );
    return sender === undefined ? session : { ...session, senderId: sender.id };
  }

  /** Starts providers that came and stops those that went. */
  #followProviders(): void {
    const present = new Map(this.#registries.discovery.entries().map(([id, provider]) => [provider, id]));
    for (const [provider, { id, looking }] of [...this.#providers]) {
      if (present.has(provider)) continue;
      this.#providers.delete(provider);
      looking.dispose();
      this.#table.withdrawAllOf(id);
      this.#touch();
    }
    for (const [provider, id] of present) {
      if (this.#providers.has(provider)) continue;
      const looking = new DisposableStore();
      this.#providers.set(provider, { id, looking });
      const started = this.#look(provider, id, looking)
        .catch((error: unknown) =>
          this.#log.error('discovery.failed', `${id} cannot look for sessions: ${toProblem(error).message}`),
        )
        .finally(() => this.#starting.delete(started));
      this.#starting.add(started);
    }
  }

  async #look(provider: DiscoveryProvider, id: string, looking: DisposableStore): Promise<void> {
    const inOrder = (act: () => Promise<void> | void): void => {
      this.#queue = this.#queue
        .then(() => (looking.isDisposed ? undefined : act()))
        .catch((error: unknown) =>
          this.#log.error('session.failed', `an announcement of ${id}: ${toProblem(error).message}`),
        );
    };
    looking.add(
      await provider.start({
        announced: (session) => inOrder(() => this.#announced(id, session)),
        withdrawn: (key) =>
          inOrder(() => {
            if (this.#table.withdraw(id, key)) this.#touch();
          }),
      }),
    );
    this.#log.info('discovery.started', `looking for sessions by ${id}`);
  }

  async #announced(provider: string, announced: AnnouncedSession): Promise<void> {
    const seen = new Date().toISOString();
    if (this.#table.refresh(provider, announced, seen)) return this.#touch();
    const { session, problems } = readSdp(announced.sdp);
    if (session === undefined)
      return this.#refuse(provider, announced, problems[0]?.message ?? 'no session in it');
    const description = await this.#pipelines.sessionParsed.run(session, announced.sdp);
    const { id, changed } = this.#table.announce({ provider, announced, description, problems, seen });
    const info = this.#table.get(id);
    if (changed && info !== undefined) {
      this.#log.info('session.announced', `${info.name} (${id}) by ${provider}`);
      this.#sessionChanged.fire(this.#withSender(info));
    }
    this.#touch();
  }

  /**
   * Who steps into the pipeline now may say something else about sessions that were read before. When somebody leaves it,
   * they stay as they were understood: receivers that follow them play on.
   */
  #scheduleRereading(): void {
    this.#reread ??= setTimeout(() => {
      this.#reread = undefined;
      this.#queue = this.#queue
        .then(() => this.#readAgain())
        .catch((error: unknown) =>
          this.#log.error('session.failed', `sessions cannot be read again: ${toProblem(error).message}`),
        );
    }, rereadMs).unref();
  }

  async #readAgain(): Promise<void> {
    for (const { id, sdp } of this.#table.list()) {
      const { session } = readSdp(sdp);
      if (session === undefined) continue;
      const description = await this.#pipelines.sessionParsed.run(session, sdp);
      if (!this.#table.redescribe(id, sdp, description)) continue;
      const info = this.#table.get(id);
      if (info !== undefined) this.#sessionChanged.fire(this.#withSender(info));
      this.#touch();
    }
  }

  #refuse(provider: string, announced: AnnouncedSession, why: string): void {
    const key = `${provider}\0${announced.key}`;
    if (this.#refused.get(key) === announced.sdp) return;
    if (this.#refused.size >= maxSessions) this.#refused.clear();
    this.#refused.set(key, announced.sdp);
    this.#log.warn('session.refused', `announcement from ${announced.source ?? provider}: ${why}`);
  }

  #touch(): void {
    this.#changed.fire();
    this.#save ??= setTimeout(() => {
      this.#save = undefined;
      this.#write().catch((error: unknown) =>
        this.#log.error('sessions.write', `sessions cannot be saved: ${toProblem(error).message}`),
      );
    }, saveMs).unref();
  }

  #write(): Promise<void> {
    return this.#disk.save(this.#table.list().map(({ sdp, seenBy }) => ({ sdp, seenBy })));
  }
}
