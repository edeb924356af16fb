import { fork, type ChildProcess } from 'node:child_process';
import type { NetworkInterface } from '@tutti/api';
import { Emitter, toProblem, type Disposable, type Problem } from '@tutti/base';
import {
  extensionMethods,
  type ActivateReply,
  type ActivateRequest,
  type ConfigurationChange,
} from '@tutti/common';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { call } from '../engine/rpc.ts';
import type { Interfaces } from '../platform/interfaces.ts';
import type { Log } from '../platform/log.ts';
import type { Pipelines } from '../registries/pipelines.ts';
import type { Registries } from '../registries/registries.ts';
import type { Activation, ExtensionHost } from './extension-host.ts';
import { RemoteRegistrations } from './remote-registrations.ts';

const activateMs = 10_000;
const deactivateMs = 3000;
const backOffMs = [100, 500, 2000, 5000, 30_000];
/** A process that lived this long counts as healthy again. */
const healthyMs = 60_000;

export interface ForkedExtensionHostOptions {
  /** Bundle of core/exthost. */
  readonly entry: string;
  readonly version: string;
  readonly interfaces: Interfaces;
  readonly registries: Registries;
  readonly pipelines: Pipelines;
  readonly log: Log;
}

/** One living process. */
interface Running {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  readonly registrations: RemoteRegistrations;
  readonly since: number;
}

export class ForkedExtensionHost implements ExtensionHost {
  readonly #options: ForkedExtensionHostOptions;
  readonly #active = new Map<string, Activation>();
  readonly #reactivated = new Emitter<{ readonly id: string; readonly problem: Problem | undefined }>();
  readonly #died = new Emitter<void>();
  readonly #watch: Disposable;
  #running: Running | undefined;
  #restart: NodeJS.Timeout | undefined;
  #deaths = 0;
  #disposed = false;

  readonly onDidReactivate = this.#reactivated.event;
  readonly onDidDie = this.#died.event;

  constructor(options: ForkedExtensionHostOptions) {
    this.#options = options;
    this.#watch = options.interfaces.onDidChange((interfaces) =>
      this.#tell(extensionMethods.interfaces, { interfaces }),
    );
  }

  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  async activate(extension: Activation): Promise<Problem | undefined> {
    this.#active.set(extension.id, extension);
    return await this.#activateIn(this.#ensureRunning(), extension);
  }

  async deactivate(id: string): Promise<void> {
    this.#active.delete(id);
    const running = this.#running;
    if (running === undefined) return;
    try {
      await call(running.connection, extensionMethods.deactivate, id, deactivateMs);
    } catch (error) {
      this.#options.log.warn('extension.deactivate', `${id} did not deactivate: ${toProblem(error).message}`);
    }
    running.registrations.removeOf(id);
  }

  configurationChanged(change: ConfigurationChange): void {
    this.#tell(extensionMethods.configuration, change);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#restart);
    this.#watch.dispose();
    const running = this.#running;
    this.#running = undefined;
    running?.registrations.dispose();
    running?.connection.dispose();
    running?.child.kill('SIGTERM');
    this.#reactivated.dispose();
    this.#died.dispose();
  }

  #tell(method: string, argument: { interfaces: readonly NetworkInterface[] } | ConfigurationChange): void {
    this.#running?.connection.sendNotification(method, argument).catch(() => undefined);
  }

  #ensureRunning(): Running {
    this.#running ??= this.#start();
    return this.#running;
  }

  #start(): Running {
    const { entry, registries, pipelines, log } = this.#options;
    // Standard output belongs to the command line's contract, so what an extension prints goes to standard error.
    const child = fork(entry, [], { stdio: ['ignore', 2, 2, 'ipc'], execArgv: [] });
    const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    const running: Running = {
      child,
      connection,
      registrations: new RemoteRegistrations(connection, registries, pipelines, log),
      since: Date.now(),
    };
    connection.onError(() => undefined);
    connection.listen();
    child.once('exit', (code, signal) => this.#onExit(running, signal ?? `code ${String(code)}`));
    child.once('error', (error) => this.#onExit(running, error.message));
    log.info('exthost.started', `extension host started, pid ${String(child.pid)}`);
    return running;
  }

  #onExit(running: Running, why: string): void {
    running.registrations.dispose();
    running.connection.dispose();
    if (this.#running !== running || this.#disposed) return;
    this.#running = undefined;
    this.#options.log.warn(
      'exthost.ended',
      `the extension host ended (${why}); what it registered is disposed`,
    );
    this.#died.fire();
    this.#deaths = Date.now() - running.since > healthyMs ? 0 : this.#deaths + 1;
    if (this.#active.size === 0) return;
    const wait = backOffMs[Math.min(this.#deaths, backOffMs.length) - 1] ?? 100;
    this.#restart = setTimeout(() => void this.#reactivate(), wait);
  }

  async #reactivate(): Promise<void> {
    const running = this.#ensureRunning();
    for (const extension of [...this.#active.values()]) {
      if (this.#active.get(extension.id) !== extension) continue; // disabled meanwhile
      const problem = await this.#activateIn(running, extension);
      if (this.#running !== running) return;
      this.#reactivated.fire({ id: extension.id, problem });
    }
  }

  async #activateIn(running: Running, extension: Activation): Promise<Problem | undefined> {
    try {
      const request: ActivateRequest = {
        id: extension.id,
        main: extension.main,
        version: this.#options.version,
        configuration: extension.configuration(),
        interfaces: this.#options.interfaces.current(),
      };
      return (await call<ActivateReply>(running.connection, extensionMethods.activate, request, activateMs))
        .problem;
    } catch (error) {
      return toProblem(error);
    }
  }
}
