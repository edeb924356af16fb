import { TuttiError, fail, toProblem, type Disposable } from '@tutti/base';
import {
  extensionMethods,
  registrationKinds,
  type CallRequest,
  type Emission,
  type ExecuteRequest,
  type ExtensionLogLine,
  type Registration,
} from '@tutti/common';
import { ResponseError, type CancellationToken, type MessageConnection } from 'vscode-jsonrpc/node';
import { runCommand } from '../contributions/run-command.ts';
import { call } from '../engine/rpc.ts';
import type { Log } from '../platform/log.ts';
import type { Pipelines } from '../registries/pipelines.ts';
import type { Registries } from '../registries/registries.ts';
import { enterRemote } from './enter-remote.ts';
import type { RemoteObject } from './remote-object.ts';

const callMs = 10_000;
/** Far above what an extension needs; bounds what one that has lost its mind can make us keep. */
const mostRegistrations = 1000;

interface Entry {
  readonly extension: string;
  readonly listeners: Map<string, (value: unknown) => void>;
  entered: Disposable | undefined;
}

/**
 * What one extension host process has registered, as entries of the core's registries that call back over RPC. Disposing
 * takes all of it out, whatever the process does: the core never trusts an extension to tidy up.
 */
export class RemoteRegistrations implements Disposable {
  readonly #connection: MessageConnection;
  readonly #registries: Registries;
  readonly #pipelines: Pipelines;
  readonly #isHere: (extension: string) => boolean;
  readonly #log: Log;
  readonly #entries = new Map<number, Entry>();

  /** @param isHere whether an extension runs in that process: nobody speaks for another */
  constructor(
    connection: MessageConnection,
    registries: Registries,
    pipelines: Pipelines,
    isHere: (extension: string) => boolean,
    log: Log,
  ) {
    this.#connection = connection;
    this.#registries = registries;
    this.#pipelines = pipelines;
    this.#isHere = isHere;
    this.#log = log;
    connection.onNotification(extensionMethods.registered, (each: Registration) => this.#register(each));
    connection.onNotification(extensionMethods.unregistered, (handle: number) => this.#unregister(handle));
    connection.onNotification(extensionMethods.emitted, (each: Emission) => this.#emitted(each));
    connection.onNotification(extensionMethods.log, (line: ExtensionLogLine) => this.#logLine(line));
    connection.onRequest(extensionMethods.execute, (request: ExecuteRequest, token: CancellationToken) =>
      this.#execute(request, token),
    );
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Takes out what one extension registered. */
  removeOf(extension: string): void {
    for (const [handle, each] of [...this.#entries])
      if (each.extension === extension) this.#unregister(handle);
  }

  dispose(): void {
    for (const handle of [...this.#entries.keys()]) this.#unregister(handle);
  }

  #register(registration: Registration): void {
    const { handle, extension, id, kind } = registration;
    if (typeof handle !== 'number' || typeof id !== 'string' || this.#entries.has(handle)) return;
    const entry: Entry = { extension, listeners: new Map(), entered: undefined };
    this.#entries.set(handle, entry);
    try {
      if (!this.#isHere(extension)) throw fail('permission', 'another extension runs in this process');
      if (this.#entries.size > mostRegistrations)
        throw fail('limit', `more than ${mostRegistrations} registrations`);
      if (!Object.hasOwn(registrationKinds, kind))
        throw fail('invalid', `nothing of kind ${String(kind)} can be registered`, { field: 'kind' });
      const remote = this.#remote(handle, entry, id);
      entry.entered = enterRemote(kind, remote, this.#registries, this.#pipelines);
    } catch (error) {
      this.#entries.delete(handle);
      const { message } = toProblem(error);
      this.#log.error('extension.registration', `${extension} cannot register ${kind} ${id}: ${message}`);
    }
  }

  #remote(handle: number, entry: Entry, id: string): RemoteObject {
    const isThere = (): boolean => this.#entries.get(handle) === entry;
    return {
      extension: entry.extension,
      id,
      get isThere() {
        return isThere();
      },
      call: async <T>(
        method: string,
        args: readonly unknown[],
        { timeoutMs = callMs, signal }: Parameters<RemoteObject['call']>[2] = {},
      ): Promise<T> => {
        if (!isThere()) throw fail('unavailable', `${id} is not there any more`);
        const request: CallRequest = { handle, method, args };
        return await call<T>(this.#connection, extensionMethods.call, request, timeoutMs, signal);
      },
      on: (event, listener) => void entry.listeners.set(event, listener),
    };
  }

  #unregister(handle: number): void {
    const found = this.#entries.get(handle);
    this.#entries.delete(handle);
    found?.entered?.dispose();
  }

  #emitted({ handle, event, value }: Emission): void {
    try {
      this.#entries.get(handle)?.listeners.get(event)?.(value);
    } catch (error) {
      this.#log.warn('extension.event', `${String(event)} is passed over: ${toProblem(error).message}`);
    }
  }

  async #execute({ command, args }: ExecuteRequest, token: CancellationToken): Promise<unknown> {
    const controller = new AbortController();
    const watch = token.onCancellationRequested(() => controller.abort());
    try {
      return (
        (await runCommand(this.#registries, String(command), args, { signal: controller.signal })) ?? null
      );
    } catch (error) {
      if (!(error instanceof TuttiError)) throw error;
      return new ResponseError(1, error.message, error.problem);
    } finally {
      watch.dispose();
    }
  }

  #logLine(line: ExtensionLogLine): void {
    const level = line.level === 'warn' || line.level === 'error' ? line.level : 'info';
    const extension = this.#isHere(line.extension) ? line.extension : '';
    this.#log[level](String(line.code), String(line.message), { ...line.fields, extension });
  }
}
