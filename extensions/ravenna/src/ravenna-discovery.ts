import type { DiscoveryProvider, DiscoverySink, MdnsService, MdnsServiceKey, TuttiApi } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { RtspDescription } from './rtsp-description.ts';
import { byId, byName } from './rtsp-url.ts';

/** DNS-SD of RAVENNA: sessions are subtypes of RTSP services; the instance is called as the session (protocols: ALC NetworX). */
export const rtspType = '_rtsp._tcp';
export const sessionSubtype = '_ravenna_session';
export const deviceSubtype = '_ravenna';

/** Sessions that are followed at the same time; each holds a connection. */
const maxSessions = 512;

interface Followed {
  readonly description: RtspDescription;
  /** Where it is; another place is another connection. */
  readonly place: string;
  isAnnounced: boolean;
}

/** Finds RAVENNA sessions: browses them by DNS-SD, has each described by RTSP, and follows its changes. */
export class RavennaDiscovery implements DiscoveryProvider {
  readonly id = 'ravenna';
  readonly #api: TuttiApi;

  constructor(api: TuttiApi) {
    this.#api = api;
  }

  start(sink: DiscoverySink): Promise<Disposable> {
    const looking = new Looking(this.#api, sink);
    return Promise.resolve(looking);
  }
}

class Looking implements Disposable {
  readonly #api: TuttiApi;
  readonly #sink: DiscoverySink;
  readonly #followed = new Map<string, Followed>();
  readonly #open: readonly Disposable[];

  constructor(api: TuttiApi, sink: DiscoverySink) {
    this.#api = api;
    this.#sink = sink;
    const browser = api.mdns.browse(rtspType, { subtype: sessionSubtype });
    this.#open = [
      browser,
      browser.onDidFind((service) => this.#found(service)),
      browser.onDidLose((key) => this.#lost(key)),
    ];
    for (const service of browser.services) this.#found(service);
  }

  dispose(): void {
    for (const each of this.#open) each.dispose();
    for (const { description } of this.#followed.values()) description.dispose();
    this.#followed.clear();
  }

  #found(service: MdnsService): void {
    const key = keyOf(service);
    const [address = ''] = service.addresses;
    const place = `${address}:${service.port}`;
    const known = this.#followed.get(key);
    // The same place: something else of its records changed, the session perhaps too.
    if (known?.place === place) return known.description.refresh();
    known?.description.dispose();
    if (known === undefined && this.#followed.size >= maxSessions) return;
    const { name, port, txt } = service;
    const urls = [byName(address, port, name), ...(txt['id'] ? [byId(address, port, txt['id'])] : [])];
    const followed: Followed = {
      place,
      isAnnounced: known?.isAnnounced ?? false,
      description: new RtspDescription(urls, {
        described: (sdp, url) => {
          followed.isAnnounced = true;
          this.#sink.announced({ key, sdp, source: address, interface: service.interface, url });
        },
        failed: (reason) =>
          this.#api.log.warn('ravenna.describe-failed', `Session "${name}" cannot be described: ${reason}.`, {
            session: name,
            address: place,
          }),
      }),
    };
    this.#followed.set(key, followed);
  }

  #lost(service: MdnsServiceKey): void {
    const key = keyOf(service);
    const followed = this.#followed.get(key);
    if (followed === undefined) return;
    this.#followed.delete(key);
    followed.description.dispose();
    if (followed.isAnnounced) this.#sink.withdrawn(key);
  }
}

const keyOf = ({ interface: iface, name }: MdnsServiceKey): string => `${iface} ${name}`;
