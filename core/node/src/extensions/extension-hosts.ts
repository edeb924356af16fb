import {
  createToken,
  DisposableStore,
  Emitter,
  type Disposable,
  type Event,
  type Problem,
} from '@tutti/base';
import type { ExtensionHost, HostDeath } from './extension-host.ts';
import { ForkedExtensionHost, type ForkedExtensionHostOptions } from './forked-extension-host.ts';
import { ExtensionProcess } from './extension-process.ts';
import type { FoundExtension } from './manifest.ts';
import { asksNothingOfNode, permissionFlags } from './permission-flags.ts';
import { SandboxedProcesses, type SandboxedProcessesOptions } from './sandboxed-processes.ts';

/** Which process an extension runs in. */
export interface ExtensionHosts {
  /** What we ship shares one process; everything else has one of its own. */
  hostOf(extension: FoundExtension): ExtensionHost;
  /** From now on the extension has a process of its own. */
  isolate(id: string): void;
  /** Ends a process that nobody else is in. */
  release(id: string): Promise<void>;
  readonly onDidReactivate: Event<{ readonly id: string; readonly problem: Problem | undefined }>;
  readonly onDidDie: Event<HostDeath>;
  /** Lets all extensions say goodbye. */
  close(): Promise<void>;
}

export const ExtensionHostsToken = createToken<ExtensionHosts>('ExtensionHosts');

const shared = 'builtIn';

export interface ForkedExtensionHostsOptions
  extends Omit<ForkedExtensionHostOptions, 'name' | 'startProcess'>, SandboxedProcessesOptions {}

interface Held {
  readonly host: ExtensionHost;
  readonly watch: Disposable;
}

export class ForkedExtensionHosts implements ExtensionHosts, Disposable {
  readonly #options: ForkedExtensionHostsOptions;
  readonly #sandboxed: SandboxedProcesses;
  readonly #hosts = new Map<string, Held>();
  readonly #isolated = new Set<string>();
  readonly #reactivated = new Emitter<{ readonly id: string; readonly problem: Problem | undefined }>();
  readonly #died = new Emitter<HostDeath>();

  readonly onDidReactivate = this.#reactivated.event;
  readonly onDidDie = this.#died.event;

  constructor(options: ForkedExtensionHostsOptions) {
    this.#options = options;
    this.#sandboxed = new SandboxedProcesses(options);
  }

  hostOf(extension: FoundExtension): ExtensionHost {
    const name = this.#nameOf(extension.id, extension.origin === 'builtIn');
    const held = this.#hosts.get(name) ?? this.#hold(name, extension);
    return held.host;
  }

  isolate(id: string): void {
    this.#isolated.add(id);
  }

  async release(id: string): Promise<void> {
    const held = this.#hosts.get(id);
    this.#hosts.delete(id);
    held?.watch.dispose();
    await held?.host.close();
  }

  async close(): Promise<void> {
    this.#sandboxed.dispose();
    await Promise.all([...this.#hosts.keys()].map((name) => this.release(name)));
  }

  dispose(): void {
    this.#sandboxed.dispose();
    for (const { host, watch } of this.#hosts.values()) {
      watch.dispose();
      host.dispose();
    }
    this.#hosts.clear();
    this.#reactivated.dispose();
    this.#died.dispose();
  }

  #nameOf(id: string, isBuiltIn: boolean): string {
    return isBuiltIn && !this.#isolated.has(id) ? shared : id;
  }

  #hold(name: string, extension: FoundExtension): Held {
    const host = new ForkedExtensionHost({
      ...this.#options,
      name,
      startProcess: () => this.#startProcess(extension),
    });
    const watch = new DisposableStore();
    watch.add(host.onDidDie((death) => this.#died.fire(death)));
    watch.add(host.onDidReactivate((each) => this.#reactivated.fire(each)));
    const held = { host, watch };
    this.#hosts.set(name, held);
    return held;
  }

  #startProcess({ origin, folder, manifest }: FoundExtension): ExtensionProcess {
    const { entry, dist, log } = this.#options;
    const permissions = manifest?.permissions ?? [];
    if (origin === 'installed' && asksNothingOfNode(permissions)) return this.#sandboxed.take();
    const nodeFlags = origin === 'builtIn' ? [] : permissionFlags(permissions, [folder, dist]);
    return new ExtensionProcess({ entry, nodeFlags, log });
  }
}
