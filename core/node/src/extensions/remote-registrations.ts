import type { AnnouncedSession, DiscoveryProvider, DiscoverySink, SessionPublisher } from '@tutti/api';
import { fail, type Disposable } from '@tutti/base';
import {
  extensionMethods,
  type Announcement,
  type ExtensionLogLine,
  type Registration,
  type Withdrawal,
} from '@tutti/common';
import type { SessionDescription } from '@tutti/model';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { call } from '../engine/rpc.ts';
import type { Log } from '../platform/log.ts';
import type { Pipelines } from '../registries/pipelines.ts';
import type { Registries } from '../registries/registries.ts';

/** A hook runs between a packet and a page: it gets this long. */
const hookMs = 2000;
const callMs = 10_000;
const maxSdpBytes = 16 * 1024;

/**
 * What one extension host process has registered, as entries of the core's registries that call back over RPC. Disposing
 * takes all of it out, whatever the process does: the core never trusts an extension to tidy up.
 */
export class RemoteRegistrations implements Disposable {
  readonly #connection: MessageConnection;
  readonly #registries: Registries;
  readonly #pipelines: Pipelines;
  readonly #log: Log;
  readonly #entries = new Map<number, { readonly extension: string; readonly entry: Disposable }>();
  readonly #sinks = new Map<number, DiscoverySink>();

  constructor(connection: MessageConnection, registries: Registries, pipelines: Pipelines, log: Log) {
    this.#connection = connection;
    this.#registries = registries;
    this.#pipelines = pipelines;
    this.#log = log;
    connection.onNotification(extensionMethods.registered, (each: Registration) => this.#register(each));
    connection.onNotification(extensionMethods.unregistered, (handle: number) => this.#unregister(handle));
    connection.onNotification(extensionMethods.announced, (each: Announcement) => this.#announced(each));
    connection.onNotification(extensionMethods.withdrawn, (each: Withdrawal) => {
      if (typeof each.key === 'string') this.#sinks.get(each.handle)?.withdrawn(each.key);
    });
    connection.onNotification(extensionMethods.log, (line: ExtensionLogLine) => {
      const level = line.level === 'warn' || line.level === 'error' ? line.level : 'info';
      this.#log[level](String(line.code), String(line.message), {
        ...line.fields,
        extension: line.extension,
      });
    });
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
    const { handle, extension, id } = registration;
    if (typeof handle !== 'number' || typeof id !== 'string' || this.#entries.has(handle)) return;
    try {
      this.#entries.set(handle, { extension, entry: this.#enter(registration) });
    } catch (error) {
      this.#log.error('extension.registration', `${extension} cannot register ${id}: ${String(error)}`);
    }
  }

  #enter({ handle, kind, id }: Registration): Disposable {
    switch (kind) {
      case 'discovery':
        return this.#registries.discovery.register(id, this.#provider(handle, id));
      case 'source':
        return this.#registries.sources.register(id, {
          scheme: id,
          describe: (url) => this.#call<string>(extensionMethods.describe, { handle, url }, callMs),
        });
      case 'publisher':
        return this.#registries.publishers.register(id, this.#publisher(handle, id));
      case 'sessionParsed':
        return this.#pipelines.sessionParsed.tap(id, async (session, sdp) => {
          const repaired = await this.#call<SessionDescription | null>(
            extensionMethods.sessionParsed,
            { handle, session, sdp },
            hookMs,
          );
          return isSessionDescription(repaired) ? repaired : session;
        });
      case 'sdpWillPublish':
        return this.#pipelines.sdpWillPublish.tap(id, async (sdp, senderId) => {
          const text = await this.#call<string>(
            extensionMethods.sdpWillPublish,
            { handle, sdp, senderId },
            hookMs,
          );
          return typeof text === 'string' ? text : sdp;
        });
      default:
        throw fail('invalid', `nothing of kind ${String(kind)} can be registered`, { field: 'kind' });
    }
  }

  #unregister(handle: number): void {
    const found = this.#entries.get(handle);
    this.#entries.delete(handle);
    this.#sinks.delete(handle);
    found?.entry.dispose();
  }

  #provider(handle: number, id: string): DiscoveryProvider {
    return {
      id,
      start: async (sink) => {
        this.#sinks.set(handle, sink);
        await this.#call(extensionMethods.startProvider, handle, callMs);
        return {
          dispose: () => {
            this.#sinks.delete(handle);
            if (this.#entries.has(handle)) {
              this.#call(extensionMethods.stopProvider, handle, callMs).catch(() => undefined);
            }
          },
        };
      },
    };
  }

  #publisher(handle: number, id: string): SessionPublisher {
    return { id, publish: (sessions) => this.#call(extensionMethods.publish, { handle, sessions }, callMs) };
  }

  #announced({ handle, session }: Announcement): void {
    const sink = this.#sinks.get(handle);
    if (sink !== undefined && isAnnouncedSession(session)) sink.announced(session);
  }

  #call<T>(method: string, argument: unknown, timeoutMs: number): Promise<T> {
    return call<T>(this.#connection, method, argument, timeoutMs);
  }
}

/** What an extension answers is outside data: a tap may return nothing. */
function isSessionDescription(value: SessionDescription | null): value is SessionDescription {
  return (
    typeof value?.name === 'string' &&
    typeof value.origin?.address === 'string' &&
    Array.isArray(value.streams)
  );
}

function isAnnouncedSession(value: AnnouncedSession): boolean {
  return (
    typeof value.key === 'string' &&
    value.key.length <= 256 &&
    typeof value.sdp === 'string' &&
    value.sdp.length <= maxSdpBytes
  );
}
