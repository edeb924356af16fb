import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { Emitter, type Problem } from '@tutti/base';
import type { ExtensionInfo } from '@tutti/common';
import { NativeCrashes } from '../../src/engine/native-crashes.ts';
import type { ForkedExtensionHosts } from '../../src/extensions/extension-hosts.ts';
import { ExtensionManager } from '../../src/extensions/extension-manager.ts';
import { ExtensionStore } from '../../src/extensions/extension-store.ts';
import { scanExtensions } from '../../src/extensions/scan.ts';
import { installation, writeExtension } from './installation.ts';
import { Rig } from './rig.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

const version = '0.1.0';

/** What an extension does that registers one thing. */
export const provider = `api.discovery.registerProvider({ id: 'p-' + process.pid, async start() { return { dispose() {} }; } });`;

/** A host's services around its extensions, which run in real processes; the rig has codecs of its own, so nothing is shipped. */
export class ManagedExtensions {
  readonly rig = new Rig();
  /** What the engine says of libraries. */
  readonly libraryProblems = new Map<string, Problem>();
  readonly librariesChanged = new Emitter<void>();
  readonly #shipped: string;
  readonly #sources: string;
  #hosts!: ForkedExtensionHosts;
  #crashes!: NativeCrashes;
  #manager!: ExtensionManager;
  #store!: ExtensionStore;

  /** @param shipped where the bundle of the extension host lies; @param sources where extensions are written. */
  constructor(shipped: string, sources: string) {
    this.#shipped = shipped;
    this.#sources = sources;
  }

  get hosts(): ForkedExtensionHosts {
    return this.#hosts;
  }

  get crashes(): NativeCrashes {
    return this.#crashes;
  }

  get manager(): ExtensionManager {
    return this.#manager;
  }

  get store(): ExtensionStore {
    return this.#store;
  }

  async start(): Promise<this> {
    await this.rig.start();
    this.#begin(false);
    return this;
  }

  /** The host ends and is there again. */
  async restart(safeMode = false): Promise<void> {
    await this.#end();
    this.#begin(safeMode);
    await this.#manager.activateAll();
  }

  /** Everything ends, and nothing may stay. */
  async stop(): Promise<void> {
    await this.#end();
    await until('no process of an extension', () => this.processes().length === 0);
    expect(await this.rig.stop(), 'registrations that stayed').toEqual({});
  }

  async install(name: string, activate: string, manifest: object = {}, library = ''): Promise<ExtensionInfo> {
    const written = { name, activate, manifest: { ...manifest }, library };
    await this.#store.install(writeExtension(this.#sources, written));
    await this.#manager.rescan();
    return this.info(`test.${name}`);
  }

  info(id: string): ExtensionInfo {
    const found = this.#manager.list().find((each) => each.id === id);
    if (found === undefined) throw new Error(`${id} is not there`);
    return found;
  }

  /** Processes of extensions that this test started. */
  processes(): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
          return command.includes(join(this.#shipped, 'dist/exthost.js'));
        } catch {
          return false; // it ended meanwhile
        }
      });
  }

  /** What processes of extensions may read. */
  sandboxes(): readonly string[] {
    return readdirSync(join(this.rig.folder.path, 'installed')).filter((name) =>
      name.startsWith('.process-'),
    );
  }

  /** So many are in use, and one is up for the next, as soon as there was a first. */
  async inUse(count: number): Promise<void> {
    await until(`${count} in use, one ready`, () => this.processes().length === count + 1);
  }

  #begin(safeMode: boolean): void {
    const { registries, log, configuration, state, folder, engine, paths } = this.rig;
    const installed = join(folder.path, 'installed');
    this.#store = new ExtensionStore(installed);
    this.#hosts = this.rig.extensionHosts(join(this.#shipped, 'dist'), version);
    this.#crashes = new NativeCrashes(engine, paths.engineCrash);
    this.#manager = new ExtensionManager({
      scan: () => scanExtensions({ development: [], builtIn: '/nowhere', installed }, version),
      registries,
      configuration,
      state,
      hosts: this.#hosts,
      onNativeCrash: this.#crashes.onDidCrash,
      native: {
        problemOf: (id) => this.libraryProblems.get(id),
        onDidChange: this.librariesChanged.event,
      },
      safeMode,
      log,
    });
    this.#manager.load();
  }

  async #end(): Promise<void> {
    this.#manager.dispose();
    this.#crashes.dispose();
    await this.#hosts.close();
    this.#hosts.dispose();
  }
}

/** One for each test of a file, with one build of the extension host for all of them. */
export function useManagedExtensions(): () => ManagedExtensions {
  let shipped: Awaited<ReturnType<typeof installation>>;
  let sources: ReturnType<typeof temporaryFolder>;
  let extensions: ManagedExtensions;
  beforeAll(async () => {
    shipped = await installation();
    sources = temporaryFolder();
  });
  afterAll(() => {
    shipped.dispose();
    sources.dispose();
  });
  beforeEach(async () => {
    extensions = await new ManagedExtensions(shipped.root, sources.path).start();
  });
  afterEach(() => extensions.stop());
  return () => extensions;
}
