import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DisposableStore, Emitter, fail, toProblem, type Disposable, type Problem } from '@tutti/base';
import type { ExtensionInfo } from '@tutti/common';
import type { Log } from '../platform/log.ts';
import type { Registries } from '../registries/registries.ts';
import type { Configuration } from '../state/configuration.ts';
import type { StateStore } from '../state/state-store.ts';
import type { ExtensionHost } from './extension-host.ts';
import type { Extensions } from './extensions.ts';
import { readExtension, type FoundExtension } from './manifest.ts';

/** Major version of the native plug-in ABI that the engine speaks (native/include/tutti/plugin.h). */
const nativeAbi = 1;
const libraryEnding = process.platform === 'darwin' ? '.dylib' : '.so';

export interface ExtensionManagerOptions {
  /** Folder whose folders are the built-in extensions. */
  readonly folder: string;
  readonly version: string;
  readonly registries: Registries;
  readonly configuration: Configuration;
  readonly state: StateStore;
  readonly host: ExtensionHost;
  readonly log: Log;
}

interface Entry {
  readonly found: FoundExtension;
  state: ExtensionInfo['state'];
  problem: Problem | undefined;
  /** What it contributes without running: settings, native libraries. */
  contributions: DisposableStore | undefined;
}

export class ExtensionManager implements Extensions, Disposable {
  readonly #options: ExtensionManagerOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #emitter = new Emitter<void>();
  readonly #store = new DisposableStore();

  readonly onDidChange = this.#emitter.event;

  constructor(options: ExtensionManagerOptions) {
    this.#options = options;
    this.#store.add(options.host.onDidReactivate(({ id, problem }) => this.#activated(id, problem)));
    this.#store.add(
      options.host.onDidDie(() => {
        for (const entry of this.#entries.values()) if (entry.state === 'active') entry.state = 'activating';
        this.#emitter.fire();
      }),
    );
    this.#store.add(options.configuration.onDidChange((keys) => this.#configurationChanged(keys)));
  }

  list(): readonly ExtensionInfo[] {
    return [...this.#entries.values()].map(toInfo);
  }

  load(): void {
    const { folder, version, state } = this.#options;
    const folders = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
    for (const { name } of folders.filter((each) => each.isDirectory())) {
      if (!existsSync(join(folder, name, 'package.json'))) continue;
      const found = readExtension(join(folder, name), name, version);
      const entry: Entry = { found, state: 'disabled', problem: found.problem, contributions: undefined };
      if (found.problem !== undefined) {
        entry.state = 'failed';
        this.#options.log.error('extension.refused', found.problem.message);
      }
      this.#entries.set(found.id, entry);
      if (entry.state !== 'failed' && !state.current.disabledExtensions.includes(found.id))
        this.#contribute(entry);
    }
  }

  async activateAll(): Promise<void> {
    await Promise.all(
      [...this.#entries.values()].filter((each) => each.contributions).map((each) => this.#activate(each)),
    );
  }

  async enable(id: string): Promise<ExtensionInfo> {
    const entry = this.#find(id);
    if (entry.found.problem !== undefined)
      throw fail('unsupported', entry.found.problem.message, { field: 'id' });
    const { state } = this.#options;
    await state.update((current) => ({
      ...current,
      disabledExtensions: current.disabledExtensions.filter((each) => each !== id),
    }));
    this.#contribute(entry);
    await this.#activate(entry);
    return toInfo(entry);
  }

  async disable(id: string): Promise<ExtensionInfo> {
    const entry = this.#find(id);
    const { state, host } = this.#options;
    await state.update((current) => ({
      ...current,
      disabledExtensions: [...new Set([...current.disabledExtensions, id])],
    }));
    if (entry.state === 'active' || entry.state === 'activating') await host.deactivate(id);
    entry.contributions?.dispose();
    entry.contributions = undefined;
    this.#set(entry, entry.found.problem === undefined ? 'disabled' : 'failed', entry.found.problem);
    return toInfo(entry);
  }

  dispose(): void {
    this.#store.dispose();
    for (const entry of this.#entries.values()) entry.contributions?.dispose();
    this.#emitter.dispose();
  }

  #find(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined)
      throw fail('notFound', `no extension ${id}`, { field: 'id', fix: 'see "tutti extension list"' });
    return entry;
  }

  #contribute(owner: Entry): void {
    const { found } = owner;
    if (owner.contributions !== undefined) return;
    const { registries, configuration } = this.#options;
    const store = new DisposableStore();
    owner.contributions = store;
    try {
      store.add(configuration.contribute(found.manifest?.contributes?.configuration ?? {}));
    } catch (error) {
      owner.problem = {
        code: 'invalid',
        field: 'contributes.configuration',
        message: `configuration: ${toProblem(error).message}`,
      };
      this.#options.log.error('extension.configuration', `${found.id}: ${owner.problem.message}`);
    }
    for (const each of found.manifest?.contributes?.native ?? []) {
      try {
        if (each.abi !== nativeAbi)
          throw fail('unsupported', `it is built for ABI ${each.abi}, the engine speaks ${nativeAbi}`);
        const path = join(found.folder, 'dist', `${each.library}${libraryEnding}`);
        if (!existsSync(path)) throw fail('notFound', `${path} is not there`);
        const registry = each.kind === 'codec' ? registries.codecs : registries.clocks;
        const library = { kind: each.kind, id: each.id, extension: found.id, path };
        store.add(registry.register(each.kind === 'codec' ? each.id.toUpperCase() : each.id, library));
      } catch (error) {
        const { message, code } = toProblem(error);
        owner.problem = {
          code,
          field: `contributes.native.${each.id}`,
          message: `${each.kind} ${each.id}: ${message}`,
        };
        this.#options.log.error('extension.native', `${found.id}: ${owner.problem.message}`);
      }
    }
  }

  async #activate(entry: Entry): Promise<void> {
    const main = entry.found.manifest?.main;
    if (main === undefined) return this.#set(entry, 'active', entry.problem);
    this.#set(entry, 'activating', entry.problem);
    const problem = await this.#options.host.activate({
      id: entry.found.id,
      main: join(entry.found.folder, main),
      configuration: () => this.#settingsOf(entry.found),
    });
    this.#activated(entry.found.id, problem);
  }

  #activated(id: string, problem: Problem | undefined): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.state === 'disabled') return;
    this.#set(entry, problem === undefined ? 'active' : 'failed', problem ?? entry.problem);
    if (problem === undefined) this.#options.log.info('extension.active', `extension ${id} is active`);
    else this.#options.log.error('extension.failed', `extension ${id} failed: ${problem.message}`);
  }

  #set(entry: Entry, state: Entry['state'], problem: Problem | undefined): void {
    entry.state = state;
    entry.problem = problem;
    this.#emitter.fire();
  }

  #configurationChanged(keys: readonly string[]): void {
    for (const { found, state } of this.#entries.values()) {
      if (state !== 'active') continue; // the settings of one that is disabled are gone
      const values = this.#settingsOf(found);
      const changed = keys.filter((key) => key in values);
      if (changed.length === 0) continue;
      this.#options.host.configurationChanged({ id: found.id, values, keys: changed });
    }
  }

  #settingsOf(found: FoundExtension): Readonly<Record<string, unknown>> {
    const keys = Object.keys(found.manifest?.contributes?.configuration ?? {});
    return Object.fromEntries(keys.map((key) => [key, this.#options.configuration.get(key)]));
  }
}

function toInfo({ found, state, problem }: Entry): ExtensionInfo {
  return {
    id: found.id,
    displayName: found.manifest?.displayName ?? found.id,
    version: found.manifest?.version ?? '',
    state,
    ...(problem && { problem }),
  };
}
