import type { MdnsAdvertisement, MdnsRecord, NetworkInterface } from '@tutti/api';
import { toDisposable, type Disposable } from '@tutti/base';
import type { MdnsResponder } from '@tutti/common';
import type { Interfaces } from '../platform/interfaces.ts';
import { Attachments } from './attachments.ts';
import { recordCodes, type DnsRecord } from './dns-message.ts';
import type { Link, LiveLink } from './link.ts';
import type { MdnsBackend, ServiceReports } from './mdns-backend.ts';
import { recordText } from './record-text.ts';
import { ServiceWatch, TypeWatch, type ServiceSink } from './service-watch.ts';

/** Opens multicast DNS on an interface; undefined where that cannot be. */
type OpenLink = (name: string, addresses: readonly NetworkInterface[]) => LiveLink | undefined;

/** Milliseconds of a monotonic clock. */
export const now = (): number => performance.now();

/** Multicast DNS by asking for records: a link on each interface that Tutti uses. */
export class LinkMdns implements MdnsBackend {
  readonly responder: MdnsResponder;
  readonly #openLink: OpenLink;
  readonly #links = new Map<string, LiveLink>();
  readonly #attachments = new Attachments<LiveLink>();
  readonly #following: Disposable;

  constructor(responder: MdnsResponder, interfaces: Interfaces, openLink: OpenLink) {
    this.responder = responder;
    this.#openLink = openLink;
    this.#following = interfaces.onDidChange((current) => this.#follow(current));
    this.#follow(interfaces.current());
  }

  browse(wanted: { readonly type: string; readonly subtype?: string }, reports: ServiceReports): Disposable {
    const { type, subtype } = wanted;
    return this.#onEachLink(
      (link) => new TypeWatch(link, { type, subtype }, sinkOf(link, type, reports), now),
    );
  }

  follow(instance: { readonly name: string; readonly type: string }, reports: ServiceReports): Disposable {
    return this.#onEachLink(
      (link) => new ServiceWatch(link, instance, sinkOf(link, instance.type, reports), now),
    );
  }

  query(
    wanted: { readonly name: string; readonly type: MdnsRecord['type'] },
    onRecords: (interfaceName: string, records: readonly MdnsRecord[]) => void,
  ): Disposable {
    const key = { name: wanted.name, code: recordCodes[wanted.type] };
    return this.#onEachLink((link) => {
      const tell = (): void => {
        const records = link.records(key).flatMap((each) => recordOf(each, link.interface) ?? []);
        onRecords(link.interface, records);
      };
      const watch = link.watch(key, wanted.type === 'PTR', tell, now());
      tell();
      return watch;
    });
  }

  advertise(advertisement: MdnsAdvertisement, onEstablished: (name: string) => void): Disposable {
    const { interfaces } = advertisement;
    return this.#onEachLink((link) =>
      interfaces === undefined || interfaces.includes(link.interface)
        ? link.publish(advertisement, onEstablished, now())
        : toDisposable(() => undefined),
    );
  }

  dispose(): void {
    this.#following.dispose();
    for (const name of [...this.#links.keys()]) this.#close(name);
  }

  #onEachLink(start: (link: Link) => Disposable): Disposable {
    return this.#attachments.attach((live) => {
      const work = start(live.link);
      live.wake?.();
      return toDisposable(() => {
        work.dispose();
        live.wake?.();
      });
    });
  }

  #follow(current: readonly NetworkInterface[]): void {
    const wanted = new Map<string, NetworkInterface[]>();
    for (const each of current) wanted.set(each.name, [...(wanted.get(each.name) ?? []), each]);
    const key = (name: string): string => JSON.stringify([name, wanted.get(name)]);
    const keys = new Set([...wanted.keys()].map(key));
    for (const each of [...this.#links.keys()]) if (!keys.has(each)) this.#close(each);
    for (const [name, addresses] of wanted) {
      if (this.#links.has(key(name))) continue;
      const live = this.#openLink(name, addresses);
      if (live === undefined) continue;
      this.#links.set(key(name), live);
      this.#attachments.add(live);
    }
  }

  #close(key: string): void {
    const live = this.#links.get(key);
    if (live === undefined) return;
    this.#links.delete(key);
    this.#attachments.remove(live);
    live.dispose();
  }
}

function sinkOf(link: Link, type: string, reports: ServiceReports): ServiceSink {
  return {
    found: (service) => reports.found(service),
    lost: (name) => reports.lost({ name, type, interface: link.interface }),
  };
}

function recordOf({ name, data }: DnsRecord, interfaceName: string): MdnsRecord | undefined {
  if (data.type === 'other') return undefined;
  return { name, type: data.type, interface: interfaceName, data: recordText(data) };
}
