import type {
  Logger,
  Mdns,
  MdnsAdvertisement,
  MdnsBrowser,
  MdnsRecord,
  MdnsRegistration,
  MdnsService,
  MdnsServiceKey,
} from '@tutti/api';
import { Emitter, toDisposable, toProblem } from '@tutti/base';
import {
  checkAdvertisement,
  checkServiceType,
  checkSubtype,
  mdnsMethods,
  type MdnsEstablished,
  type MdnsFound,
  type MdnsLost,
} from '@tutti/common';
import type { HostLink } from './host-link.ts';

interface OpenBrowser {
  readonly services: Map<string, MdnsService>;
  readonly found: Emitter<MdnsService>;
  readonly lost: Emitter<MdnsServiceKey>;
}

const keyOf = (each: MdnsServiceKey): string => `${each.interface}\0${each.name}`;

/** `api.mdns`: the host's multicast DNS over RPC. One for all extensions of this process. */
export class MdnsClient {
  readonly #host: HostLink;
  readonly #browsers = new Map<number, OpenBrowser>();
  readonly #registrations = new Map<number, Emitter<string>>();
  #last = 0;

  constructor(host: HostLink) {
    this.#host = host;
  }

  /** @param own keeps what the extension opens, so that it is closed with the extension. */
  apiFor(extension: string, own: <T extends { dispose(): void }>(item: T) => T, log: Logger): Mdns {
    const refused = (what: string) => (error: unknown) =>
      log.warn('mdns.refused', `${what}: ${toProblem(error).message}`);
    return {
      browse: (type, options = {}) => own(this.#browse(extension, type, options.subtype, refused)),
      advertise: (advertisement) => own(this.#advertise(extension, advertisement, refused)),
      resolve: (name, type, options = {}) =>
        this.#host.request<MdnsService>(mdnsMethods.resolve, { name, type, ...options }),
      query: (name, type, options = {}) =>
        this.#host.request<readonly MdnsRecord[]>(mdnsMethods.query, { name, type, ...options }),
    };
  }

  found({ handle, service }: MdnsFound): void {
    const browser = this.#browsers.get(handle);
    browser?.services.set(keyOf(service), service);
    browser?.found.fire(service);
  }

  lost({ handle, key }: MdnsLost): void {
    const browser = this.#browsers.get(handle);
    if (browser?.services.delete(keyOf(key)) === true) browser.lost.fire(key);
  }

  established({ handle, name }: MdnsEstablished): void {
    this.#registrations.get(handle)?.fire(name);
  }

  #browse(
    extension: string,
    type: string,
    subtype: string | undefined,
    refused: (what: string) => (error: unknown) => void,
  ): MdnsBrowser {
    checkServiceType(type);
    if (subtype !== undefined) checkSubtype(subtype);
    const report = refused(`a listener of ${type}`);
    const handle = (this.#last += 1);
    const browser = { services: new Map<string, MdnsService>(), found: new Emitter<MdnsService>(report) };
    const open: OpenBrowser = { ...browser, lost: new Emitter<MdnsServiceKey>(report) };
    this.#browsers.set(handle, open);
    const request = { handle, extension, type, ...(subtype !== undefined && { subtype }) };
    this.#host.request(mdnsMethods.browse, request).catch(refused(`cannot browse ${type}`));
    return {
      get services() {
        return [...open.services.values()];
      },
      onDidFind: open.found.event,
      onDidLose: open.lost.event,
      ...toDisposable(() => {
        this.#browsers.delete(handle);
        this.#host.notify(mdnsMethods.close, handle);
      }),
    };
  }

  #advertise(
    extension: string,
    advertisement: MdnsAdvertisement,
    refused: (what: string) => (error: unknown) => void,
  ): MdnsRegistration {
    checkAdvertisement(advertisement);
    const handle = (this.#last += 1);
    const established = new Emitter<string>(refused('a listener'));
    this.#registrations.set(handle, established);
    this.#host
      .request(mdnsMethods.advertise, { handle, extension, advertisement })
      .catch(refused(`cannot advertise ${advertisement.name}`));
    return {
      onDidEstablish: established.event,
      ...toDisposable(() => {
        this.#registrations.delete(handle);
        this.#host.notify(mdnsMethods.close, handle);
      }),
    };
  }
}
