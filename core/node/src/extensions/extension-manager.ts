import { DisposableStore, Emitter, fail, type Disposable, type Event, type Problem } from '@tutti/base';
import type { ExtensionImpact, ExtensionInfo, ExtensionState } from '@tutti/common';
import type { NativeCrash } from '../engine/native-crashes.ts';
import type { Log } from '../platform/log.ts';
import type { Registries } from '../registries/registries.ts';
import type { Configuration } from '../state/configuration.ts';
import type { StateStore } from '../state/state-store.ts';
import { startsAtOnce } from './activation.ts';
import { contribute } from './contribute.ts';
import { CrashRecord } from './crash-record.ts';
import { dependentsOf, type Dependent } from './dependencies.ts';
import { impactOf, impactWords } from './extension-impact.ts';
import { newEntry, sameExtension, toInfo, type Entry } from './extension-entry.ts';
import type { HostDeath } from './extension-host.ts';
import type { ExtensionHosts } from './extension-hosts.ts';
import type { Reconciler } from '../streams/reconciler.ts';
import type { ChangeOptions, Extensions } from './extensions.ts';
import { libraryPath } from './native-contributions.ts';
import { judge, toDependent, trustOf, type Judgement, type Refusal } from './judgement.ts';
import type { FoundExtension } from './manifest.ts';

export interface ExtensionManagerOptions {
  /** Looks for extensions: what we ship, what is installed, what somebody develops. */
  readonly scan: () => readonly FoundExtension[];
  readonly registries: Registries;
  readonly configuration: Configuration;
  readonly state: StateStore;
  readonly hosts: ExtensionHosts;
  /** The engine died in an extension's native code. */
  readonly onNativeCrash: Event<NativeCrash>;
  /** What the engine says of native libraries, as `codec:L24`. */
  readonly native: Pick<Reconciler, 'problemOf' | 'onDidChange'>;
  readonly log: Log;
  /** Only what we ship is used. */
  readonly safeMode: boolean;
}

/**
 * {@link Extensions}. What is to be in use follows from what is there and from what people said; every change of either
 * is followed by {@link ExtensionManager.#settle}, which takes out what may not be in use any more, dependents first, and
 * brings in what may, dependencies first.
 */
export class ExtensionManager implements Extensions, Disposable {
  readonly #options: ExtensionManagerOptions;
  readonly #store = new DisposableStore();
  readonly #emitter = this.#store.add(new Emitter<void>());
  readonly #crashes = new CrashRecord();
  #entries: readonly Entry[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  readonly onDidChange = this.#emitter.event;

  constructor(options: ExtensionManagerOptions) {
    this.#options = options;
    this.#store.add(options.hosts.onDidReactivate(({ id, problem }) => this.#reactivated(id, problem)));
    this.#store.add(options.hosts.onDidDie((death) => this.#onDeath(death)));
    this.#store.add(options.onNativeCrash((crash) => this.#onNativeCrash(crash)));
    this.#store.add(options.native.onDidChange(() => this.#lookAtLibraries()));
    this.#store.add(options.configuration.onDidChange((keys) => this.#configurationChanged(keys)));
  }

  list(): readonly ExtensionInfo[] {
    return this.#entries.map(toInfo);
  }

  load(): void {
    this.#scan();
    const { order } = this.#judge();
    for (const entry of order) this.#contribute(entry);
  }

  activateAll(): Promise<void> {
    return this.#settle();
  }

  async enable(id: string): Promise<ExtensionInfo> {
    const entry = this.#find(id);
    if (entry.found.refusal !== undefined)
      throw fail('unsupported', entry.found.refusal.problem.message, { field: 'id' });
    entry.failure = undefined;
    if (entry.contributions === undefined) entry.wanted = false;
    this.#crashes.forget(id);
    await this.#options.state.update((state) => ({
      ...state,
      disabledExtensions: state.disabledExtensions.filter((each) => each !== id),
      quarantinedExtensions: (state.quarantinedExtensions ?? []).filter((each) => each.id !== id),
    }));
    await this.#settle();
    return toInfo(this.#find(id));
  }

  async disable(id: string, options: ChangeOptions = {}): Promise<ExtensionInfo> {
    this.#find(id);
    this.refuseIfLive(id, options);
    await this.#options.state.update((state) => ({
      ...state,
      disabledExtensions: [...new Set([...state.disabledExtensions, id])],
    }));
    await this.#settle();
    return toInfo(this.#find(id));
  }

  async trust(id: string): Promise<ExtensionInfo> {
    const { found } = this.#find(id);
    await this.#options.state.update((state) => ({
      ...state,
      trustedExtensions: [...new Set([...(state.trustedExtensions ?? []), trustOf(found)])],
    }));
    await this.#settle();
    return toInfo(this.#find(id));
  }

  async reload(id: string): Promise<ExtensionInfo> {
    const entry = this.#find(id);
    entry.failure = undefined;
    if (entry.contributions !== undefined)
      await this.#inOrder(() => this.#takeOut(entry, { reason: 'byUser' }));
    await this.rescan();
    return toInfo(this.#find(id));
  }

  async rescan(): Promise<void> {
    this.#scan();
    await this.#settle();
  }

  impactOf(id: string): ExtensionImpact {
    this.#find(id);
    const dependents = dependentsOf(id, this.#dependents()).filter((each) => this.#isInUse(each));
    const { registries, state } = this.#options;
    return impactOf(id, dependents, registries, state.current);
  }

  async close(): Promise<void> {
    await this.#queue.catch(() => undefined);
    await this.#options.hosts.close();
  }

  dispose(): void {
    this.#store.dispose();
    for (const entry of this.#entries) entry.contributions?.dispose();
  }

  refuseIfLive(id: string, { force = false }: ChangeOptions = {}): void {
    const parts = impactWords(this.impactOf(id));
    if (force || parts.length === 0 || !this.#isInUse(id)) return;
    throw fail('conflict', `${id} is in use; with it would stop: ${parts.join('; ')}`, {
      field: 'id',
      fix: 'repeat with --force if that is meant',
    });
  }

  /** Folders that are new come in, folders that are gone go out, the others stay as they are. */
  #scan(): void {
    const before = this.#entries;
    this.#entries = this.#options.scan().map((found) => {
      const known = before.find((each) => sameExtension(each.found, found));
      if (known !== undefined) return known;
      if (found.refusal !== undefined)
        this.#options.log.error('extension.refused', found.refusal.problem.message);
      return newEntry(found);
    });
    const gone = before.filter((each) => !this.#entries.includes(each) && each.contributions !== undefined);
    for (const entry of gone) void this.#inOrder(() => this.#takeOut(entry, { reason: 'byUser' }));
  }

  #judge(): Judgement<Entry> {
    const { state, safeMode } = this.#options;
    return judge(this.#entries, state.current, safeMode);
  }

  #inOrder<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(act);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #settle(): Promise<void> {
    return this.#inOrder(async () => {
      // An activation that fails changes what others may do: judged again until nothing changes.
      for (;;) {
        const { order, refused } = this.#judge();
        await this.#takeOutAll(refused);
        const failed = await this.#bringIn(order);
        if (!failed) return;
      }
    });
  }

  /** Dependents first. */
  async #takeOutAll(refused: ReadonlyMap<Entry, Refusal>): Promise<void> {
    const going = [...refused.keys()].filter((each) => each.contributions !== undefined);
    const depth = (entry: Entry): number => dependentsOf(entry.found.id, this.#dependents()).length;
    for (const entry of going.sort((a, b) => depth(a) - depth(b))) {
      await this.#takeOut(entry, refused.get(entry) ?? { reason: 'byUser' });
    }
    for (const [entry, refusal] of refused) this.#setRefused(entry, refusal);
  }

  async #takeOut(entry: Entry, refusal: Refusal): Promise<void> {
    const { hosts } = this.#options;
    const { found } = entry;
    if (found.manifest?.main !== undefined && entry.state !== 'registered') {
      this.#set(entry, 'deactivating');
      await hosts.hostOf(found).deactivate(found.id);
      await hosts.release(found.id);
    }
    entry.contributions?.dispose();
    entry.contributions = undefined;
    this.#setRefused(entry, refusal);
    this.#options.log.info('extension.out', `extension ${found.id} is not in use any more`);
  }

  /** Those that do not need each other at the same time. @returns true if one failed. */
  async #bringIn(order: readonly Entry[]): Promise<boolean> {
    for (const entry of order) this.#contribute(entry);
    const now = order.filter(
      ({ found: { manifest }, wanted }) => wanted || (manifest !== undefined && startsAtOnce(manifest)),
    );
    return (await Promise.all(now.map((entry) => this.#activateAfterDependencies(entry)))).includes(false);
  }

  /**
   * Somebody wants what it contributes. Not in the queue: who wants it may be an extension whose own activation waits for it.
   */
  async #wake(entry: Entry): Promise<void> {
    entry.wanted = true;
    if (entry.contributions === undefined || (await this.#activateAfterDependencies(entry))) return;
    void this.#settle();
  }

  /** @returns false if it or one that it needs failed. */
  async #activateAfterDependencies(entry: Entry): Promise<boolean> {
    // There is no cycle among those that may be in use.
    const needed = toDependent(entry).dependencies.map((id) =>
      this.#activateAfterDependencies(this.#find(id)),
    );
    return (await Promise.all(needed)).every((each) => each) && (await this.#activate(entry));
  }

  #contribute(entry: Entry): void {
    if (entry.contributions !== undefined) return;
    this.#set(entry, 'registered');
    const report = (problem: Problem): void => {
      entry.problem = problem;
      this.#options.log.error('extension.contribution', `${entry.found.id}: ${problem.message}`);
    };
    const code = {
      get isWaiting() {
        return entry.state === 'registered';
      },
      wake: () => this.#wake(entry),
    };
    entry.contributions = contribute(entry.found, this.#options, report, code);
  }

  /** @returns false if it failed. */
  #activate(entry: Entry): Promise<boolean> {
    if (entry.state === 'registered') {
      entry.starting = this.#start(entry).finally(() => (entry.starting = undefined));
    }
    return entry.starting ?? Promise.resolve(entry.failure === undefined);
  }

  async #start(entry: Entry): Promise<boolean> {
    const { found } = entry;
    const main = found.manifest?.main;
    if (main !== undefined) {
      this.#set(entry, 'activating');
      const outcome = await this.#options.hosts.hostOf(found).activate({
        id: found.id,
        folder: found.folder,
        main,
        configuration: () => this.#settingsOf(found),
      });
      if (outcome === 'died') return true; // it stays `activating`: tried again, and quarantined if that goes on
      if (outcome !== undefined) return this.#failed(entry, outcome);
    }
    this.#set(entry, 'active');
    this.#options.log.info('extension.active', `extension ${found.id} is active`);
    return true;
  }

  #failed(entry: Entry, problem: Problem): false {
    entry.failure = { reason: 'activationFailed', problem };
    this.#options.log.error('extension.failed', `extension ${entry.found.id} failed: ${problem.message}`);
    return false;
  }

  #reactivated(id: string, problem: Problem | undefined): void {
    const entry = this.#entries.find((each) => each.found.id === id && each.state === 'activating');
    if (entry === undefined) return;
    if (problem === undefined) {
      this.#set(entry, 'active');
      this.#options.log.info('extension.active', `extension ${id} is active again`);
    } else {
      this.#failed(entry, problem);
      void this.#settle();
    }
  }

  /** What ended is started anew by its host; after too many deaths the one at fault is found and quarantined. */
  #onDeath({ extensions, reason, message }: HostDeath): void {
    const now = Date.now();
    const tooMany = extensions.filter((id) => this.#crashes.add(id, now));
    for (const entry of this.#entries)
      if (extensions.includes(entry.found.id) && entry.state === 'active') this.#set(entry, 'activating');
    if (tooMany.length === 0) return;
    if (extensions.length > 1) void this.#inOrder(() => this.#separate(extensions));
    else for (const id of tooMany) void this.#quarantine(id, reason, message);
  }

  /** One such death is enough: it took everybody's audio along. What we ship stays, or there would be no audio at all. */
  #onNativeCrash({ library, signal }: NativeCrash): void {
    const message = `its native code (${library}) crashed the engine with signal ${signal}`;
    const entry = this.#entries.find(({ found }) =>
      (found.manifest?.contributes?.native ?? []).some((each) => libraryPath(found, each) === library),
    );
    const id = entry?.found.id ?? 'an extension that is not there any more';
    this.#options.log.error('extension.native-crash', `${id}: ${message}`);
    if (entry !== undefined && entry.found.origin !== 'builtIn')
      void this.#quarantine(id, 'crashed', message);
  }

  /** A manifest may say what a library is not: what the engine refuses takes its extension out, unless it is one of ours. */
  #lookAtLibraries(): void {
    for (const entry of this.#entries) {
      if (entry.contributions === undefined) continue;
      const problem = (entry.found.manifest?.contributes?.native ?? [])
        .map(({ kind, id }) => this.#options.native.problemOf(`${kind}:${id}`))
        .find((each) => each !== undefined);
      if (problem === undefined || entry.problem?.message === problem.message) continue;
      this.#options.log.error('extension.library', `${entry.found.id}: ${problem.message}`);
      entry.problem = problem;
      this.#emitter.fire();
      if (entry.found.origin === 'builtIn') continue;
      entry.failure = { reason: 'abi', problem };
      void this.#settle();
    }
  }

  /** Nobody knows which of them took the others along: each gets a process of its own. */
  async #separate(ids: readonly string[]): Promise<void> {
    this.#options.log.warn('exthost.separated', `${ids.join(', ')} run in a process each from now on`);
    // One may have been disabled while this waited for its turn.
    const there = ids.map((id) => this.#find(id)).filter(({ contributions }) => contributions !== undefined);
    for (const entry of there) {
      const { id } = entry.found;
      await this.#options.hosts.hostOf(entry.found).deactivate(id);
      this.#options.hosts.isolate(id);
      this.#crashes.forget(id);
      this.#set(entry, 'registered');
    }
    await Promise.all(there.map((entry) => this.#activate(entry)));
  }

  async #quarantine(id: string, reason: 'crashed' | 'unresponsive', message: string): Promise<void> {
    this.#options.log.error('extension.quarantined', `${id} is quarantined: ${message}`);
    await this.#options.state.update((state) => ({
      ...state,
      quarantinedExtensions: [
        ...(state.quarantinedExtensions ?? []).filter((each) => each.id !== id),
        { id, reason, message },
      ],
    }));
    await this.#settle();
  }

  #find(id: string): Entry {
    const entry = this.#entries.find((each) => each.found.id === id);
    if (entry === undefined)
      throw fail('notFound', `no extension ${id}`, { field: 'id', fix: 'see "tutti extension list"' });
    return entry;
  }

  #isInUse(id: string): boolean {
    return this.#find(id).contributions !== undefined;
  }

  #dependents(): readonly Dependent[] {
    return this.#entries.map(toDependent);
  }

  #set(entry: Entry, state: ExtensionState): void {
    entry.state = state;
    entry.reason = undefined;
    if (state === 'registered') entry.problem = undefined;
    this.#emitter.fire();
  }

  #setRefused(entry: Entry, { reason, problem, quarantined = false }: Refusal): void {
    const state = quarantined ? 'quarantined' : 'disabled';
    if (entry.state === state && entry.reason === reason && entry.problem?.message === problem?.message)
      return;
    entry.state = state;
    entry.reason = reason;
    entry.problem = problem;
    this.#emitter.fire();
  }

  #configurationChanged(keys: readonly string[]): void {
    for (const { found, state } of this.#entries) {
      if (state !== 'active' && state !== 'activating') continue; // the settings of one that is disabled are gone
      const values = this.#settingsOf(found);
      const changed = keys.filter((key) => key in values);
      if (changed.length === 0 || found.manifest?.main === undefined) continue;
      this.#options.hosts.hostOf(found).configurationChanged({ id: found.id, values, keys: changed });
    }
  }

  #settingsOf(found: FoundExtension): Readonly<Record<string, unknown>> {
    const keys = Object.keys(found.manifest?.contributes?.configuration ?? {});
    return Object.fromEntries(keys.map((key) => [key, this.#options.configuration.get(key)]));
  }
}
