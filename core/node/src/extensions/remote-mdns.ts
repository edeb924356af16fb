import { fail, type Disposable } from '@tutti/base';
import {
  mdnsMethods,
  type HostMdns,
  type MdnsAdvertiseRequest,
  type MdnsBrowseRequest,
  type MdnsEstablished,
  type MdnsFound,
  type MdnsLost,
  type MdnsQueryRequest,
  type MdnsResolveRequest,
} from '@tutti/common';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { answer } from '../engine/rpc.ts';

/** Most browsers and advertisements of one extension. */
const maxOpen = 256;

/** Multicast DNS for one extension host process: what it opened is closed with it, whatever it does. */
export class RemoteMdns implements Disposable {
  readonly #connection: MessageConnection;
  readonly #mdns: HostMdns;
  readonly #isHere: (extension: string) => boolean;
  readonly #open = new Map<number, { readonly extension: string; readonly entry: Disposable }>();

  /** @param isHere whether an extension runs in that process: each has a bound of its own */
  constructor(connection: MessageConnection, mdns: HostMdns, isHere: (extension: string) => boolean) {
    this.#connection = connection;
    this.#mdns = mdns;
    this.#isHere = isHere;
    answer(connection, mdnsMethods.browse, (request: MdnsBrowseRequest) => this.#browse(request));
    answer(connection, mdnsMethods.advertise, (request: MdnsAdvertiseRequest) => this.#advertise(request));
    answer(connection, mdnsMethods.resolve, ({ name, type, ...options }: MdnsResolveRequest) =>
      mdns.resolve(name, type, options),
    );
    answer(connection, mdnsMethods.query, ({ name, type, ...options }: MdnsQueryRequest) =>
      mdns.query(name, type, options),
    );
    connection.onNotification(mdnsMethods.close, (handle: number) => this.#close(handle));
  }

  /** Closes what one extension opened. */
  removeOf(extension: string): void {
    for (const [handle, each] of [...this.#open]) if (each.extension === extension) this.#close(handle);
  }

  dispose(): void {
    for (const handle of [...this.#open.keys()]) this.#close(handle);
  }

  #browse({ handle, extension, type, subtype }: MdnsBrowseRequest): void {
    this.#checkRoom(handle, extension);
    const browser = this.#mdns.browse(type, subtype === undefined ? {} : { subtype });
    this.#open.set(handle, { extension, entry: browser });
    browser.onDidFind((service) => this.#tell(mdnsMethods.found, { handle, service } satisfies MdnsFound));
    browser.onDidLose((key) => this.#tell(mdnsMethods.lost, { handle, key } satisfies MdnsLost));
    for (const service of browser.services)
      this.#tell(mdnsMethods.found, { handle, service } satisfies MdnsFound);
  }

  #advertise({ handle, extension, advertisement }: MdnsAdvertiseRequest): void {
    this.#checkRoom(handle, extension);
    const registration = this.#mdns.advertise(advertisement);
    this.#open.set(handle, { extension, entry: registration });
    registration.onDidEstablish((name) =>
      this.#tell(mdnsMethods.established, { handle, name } satisfies MdnsEstablished),
    );
  }

  #checkRoom(handle: number, extension: string): void {
    if (typeof handle !== 'number' || this.#open.has(handle))
      throw fail('invalid', 'not a new handle', { field: 'handle' });
    if (!this.#isHere(extension)) throw fail('permission', 'another extension runs in this process');
    if ([...this.#open.values()].filter((each) => each.extension === extension).length >= maxOpen)
      throw fail('limit', `${extension} has ${maxOpen} browsers and advertisements open`);
  }

  #close(handle: number): void {
    const found = this.#open.get(handle);
    this.#open.delete(handle);
    found?.entry.dispose();
  }

  #tell(method: string, argument: MdnsFound | MdnsLost | MdnsEstablished): void {
    this.#connection.sendNotification(method, argument).catch(() => undefined);
  }
}
