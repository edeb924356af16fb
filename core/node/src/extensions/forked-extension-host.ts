import { join } from 'node:path';
import type { NetworkInterface } from '@tutti/api';
import { DisposableStore, Emitter, toProblem, type Problem } from '@tutti/base';
import {
  extensionMethods,
  type ActivateReply,
  type ActivateRequest,
  type ConfigurationChange,
  type HostMdns,
} from '@tutti/common';
import { call } from '../engine/rpc.ts';
import type { Interfaces } from '../platform/interfaces.ts';
import type { Log } from '../platform/log.ts';
import type { Pipelines } from '../registries/pipelines.ts';
import type { Registries } from '../registries/registries.ts';
import type { Activation, ActivationOutcome, ExtensionHost, HostDeath } from './extension-host.ts';
import type { ExtensionStorages } from './extension-storages.ts';
import type { ExtensionProcess, ProcessDeath } from './extension-process.ts';
import { RemoteMdns } from './remote-mdns.ts';
import { serveStorage } from './remote-storage.ts';
import { RemoteRegistrations } from './remote-registrations.ts';

const activateMs = 10_000;
const deactivateMs = 3000;
const backOffMs = [100, 500, 2000, 5000, 30_000];
/** A process that lived this long counts as healthy again. */
const healthyMs = 60_000;

export interface ForkedExtensionHostOptions {
  /** A process in which nothing runs yet. */
  readonly startProcess: () => ExtensionProcess;
  /** For the log: an extension's id, or `builtIn`. */
  readonly name: string;
  readonly version: string;
  readonly interfaces: Interfaces;
  readonly registries: Registries;
  readonly pipelines: Pipelines;
  readonly mdns: HostMdns;
  readonly storages: ExtensionStorages;
  readonly log: Log;
}

/** One living process and what it registered. */
interface Running {
  readonly process: ExtensionProcess;
  readonly registrations: RemoteRegistrations;
  readonly mdns: RemoteMdns;
}

/** {@link ExtensionHost} in a process of its own, started anew with growing pauses when it dies. */
export class ForkedExtensionHost implements ExtensionHost {
  readonly #options: ForkedExtensionHostOptions;
  readonly #active = new Map<string, Activation>();
  /** Those that were ever active: one keeps something still while it is deactivated. */
  readonly #seen = new Set<string>();
  readonly #store = new DisposableStore();
  readonly #reactivated = this.#store.add(
    new Emitter<{ readonly id: string; readonly problem: Problem | undefined }>(),
  );
  readonly #died = this.#store.add(new Emitter<HostDeath>());
  #running: Running | undefined;
  /** Runs while there is no process because the last one died. */
  #restart: NodeJS.Timeout | undefined;
  #deaths = 0;

  readonly onDidReactivate = this.#reactivated.event;
  readonly onDidDie = this.#died.event;

  constructor(options: ForkedExtensionHostOptions) {
    this.#options = options;
    this.#store.add(
      options.interfaces.onDidChange((interfaces) => this.#tell(extensionMethods.interfaces, { interfaces })),
    );
  }

  get pid(): number | undefined {
    return this.#running?.process.pid;
  }

  async activate(extension: Activation): Promise<ActivationOutcome> {
    this.#active.set(extension.id, extension);
    this.#seen.add(extension.id);
    if (this.#restart !== undefined) return 'died';
    return await this.#activateIn(this.#ensureRunning(), extension);
  }

  async deactivate(id: string): Promise<void> {
    this.#active.delete(id);
    const running = this.#running;
    if (running === undefined) return;
    try {
      await call(running.process.connection, extensionMethods.deactivate, id, deactivateMs);
    } catch (error) {
      this.#options.log.warn('extension.deactivate', `${id} did not deactivate: ${toProblem(error).message}`);
    }
    running.registrations.removeOf(id);
    running.mdns.removeOf(id);
  }

  configurationChanged(change: ConfigurationChange): void {
    this.#tell(extensionMethods.configuration, change);
  }

  async close(): Promise<void> {
    const running = this.#release();
    await running?.process.end();
    running?.registrations.dispose();
    running?.mdns.dispose();
  }

  dispose(): void {
    const running = this.#release();
    running?.registrations.dispose();
    running?.mdns.dispose();
    running?.process.dispose();
  }

  #release(): Running | undefined {
    clearTimeout(this.#restart);
    this.#active.clear();
    this.#store.dispose();
    const running = this.#running;
    this.#running = undefined;
    return running;
  }

  #tell(method: string, argument: { interfaces: readonly NetworkInterface[] } | ConfigurationChange): void {
    this.#running?.process.connection.sendNotification(method, argument).catch(() => undefined);
  }

  #ensureRunning(): Running {
    this.#running ??= this.#start();
    return this.#running;
  }

  #start(): Running {
    const { startProcess, name, registries, pipelines, mdns, storages, log } = this.#options;
    const process = startProcess();
    const { connection } = process;
    const isHere = (extension: string): boolean => this.#seen.has(extension);
    const registrations = new RemoteRegistrations(connection, registries, pipelines, isHere, log);
    const remoteMdns = new RemoteMdns(connection, mdns, isHere);
    serveStorage(connection, storages, isHere);
    process.listen({ name, onDeath: (death) => this.#onDeath(death) });
    log.info('exthost.started', `process of ${name} started, pid ${String(process.pid)}`);
    return { process, registrations, mdns: remoteMdns };
  }

  #onDeath(death: ProcessDeath): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.registrations.dispose();
    running.mdns.dispose();
    this.#options.log.warn('exthost.ended', `${death.message}; what it registered is disposed`);
    this.#deaths = running.process.age > healthyMs ? 1 : this.#deaths + 1;
    this.#died.fire({ ...death, extensions: [...this.#active.keys()] });
    if (this.#active.size === 0) return;
    const wait = backOffMs[Math.min(this.#deaths, backOffMs.length) - 1] ?? 100;
    this.#restart = setTimeout(() => void this.#reactivate(), wait);
  }

  async #reactivate(): Promise<void> {
    this.#restart = undefined;
    if (this.#active.size === 0) return; // all of them were disabled meanwhile
    const running = this.#ensureRunning();
    for (const extension of [...this.#active.values()]) {
      if (this.#active.get(extension.id) !== extension) continue; // disabled meanwhile
      const outcome = await this.#activateIn(running, extension);
      if (outcome === 'died') return;
      if (this.#active.get(extension.id) !== extension) continue; // disabled while it was activated
      this.#reactivated.fire({ id: extension.id, problem: outcome });
    }
  }

  async #activateIn(running: Running, extension: Activation): Promise<ActivationOutcome> {
    const problem = await this.#problemIn(running, extension);
    return this.#running === running ? problem : 'died';
  }

  async #problemIn({ process }: Running, extension: Activation): Promise<Problem | undefined> {
    try {
      const request: ActivateRequest = {
        id: extension.id,
        main: join(await process.folderOf(extension.id, extension.folder), extension.main),
        version: this.#options.version,
        configuration: extension.configuration(),
        interfaces: this.#options.interfaces.current(),
      };
      const reply = call<ActivateReply>(process.connection, extensionMethods.activate, request, activateMs);
      return (await reply).problem;
    } catch (error) {
      // That nobody is at the other end is known before that it ended.
      if (!process.isConnected) await process.ended;
      return toProblem(error);
    }
  }
}
