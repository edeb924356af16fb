import { hostname } from 'node:os';
import type { MdnsAdvertisement, MdnsRecord, NetworkInterface } from '@tutti/api';
import { toDisposable, type Disposable } from '@tutti/base';
import type { Interfaces } from '../platform/interfaces.ts';
import type { Log } from '../platform/log.ts';
import { Attachments } from './attachments.ts';
import { recordCodes, type DnsRecord } from './dns-message.ts';
import { cutToBytes, maxLabelBytes } from './dns-name.ts';
import { openLinkSocket, openLinkSocket6 } from './link-socket.ts';
import type { MdnsBackend, ServiceReports } from './mdns-backend.ts';
import { MdnsLink, type Source } from './mdns-link.ts';
import { recordText } from './record-text.ts';
import { ServiceWatch, TypeWatch, type ServiceSink } from './service-watch.ts';

const longestTimer = 3_600_000;

/** A link with its socket and its timer. */
interface LiveLink extends Disposable {
  readonly link: MdnsLink;
  /** Runs what is due; call it after every use of the link. */
  readonly wake: () => void;
}

/** Multicast DNS by ourselves, where no responder of the system runs: a link on each interface that Tutti uses. */
export class OwnMdns implements MdnsBackend {
  readonly responder = 'own';
  readonly #log: Log;
  readonly #links = new Map<string, LiveLink>();
  readonly #attachments = new Attachments<LiveLink>();
  readonly #following: Disposable;
  readonly #warned = new Set<string>();

  constructor(interfaces: Interfaces, log: Log) {
    this.#log = log;
    this.#following = interfaces.onDidChange((current) => this.#follow(current));
    this.#follow(interfaces.current());
  }

  browse(wanted: { readonly type: string; readonly subtype?: string }, reports: ServiceReports): Disposable {
    const { type, subtype } = wanted;
    return this.#onEachLink(
      ({ link }) => new TypeWatch(link, { type, subtype }, sinkOf(link, type, reports), now),
    );
  }

  follow(instance: { readonly name: string; readonly type: string }, reports: ServiceReports): Disposable {
    return this.#onEachLink(
      ({ link }) => new ServiceWatch(link, instance, sinkOf(link, instance.type, reports), now),
    );
  }

  query(
    wanted: { readonly name: string; readonly type: MdnsRecord['type'] },
    onRecords: (interfaceName: string, records: readonly MdnsRecord[]) => void,
  ): Disposable {
    const key = { name: wanted.name, code: recordCodes[wanted.type] };
    return this.#onEachLink(({ link }) => {
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
    return this.#onEachLink(({ link }) =>
      interfaces === undefined || interfaces.includes(link.interface)
        ? link.publish(advertisement, onEstablished, now())
        : toDisposable(() => undefined),
    );
  }

  dispose(): void {
    this.#following.dispose();
    for (const name of [...this.#links.keys()]) this.#close(name);
  }

  #onEachLink(start: (live: LiveLink) => Disposable): Disposable {
    return this.#attachments.attach((live) => {
      const work = start(live);
      live.wake();
      return toDisposable(() => {
        work.dispose();
        live.wake();
      });
    });
  }

  #follow(current: readonly NetworkInterface[]): void {
    const wanted = new Map<string, NetworkInterface[]>();
    for (const each of current) wanted.set(each.name, [...(wanted.get(each.name) ?? []), each]);
    const key = (name: string): string => JSON.stringify([name, wanted.get(name)]);
    const keys = new Set([...wanted.keys()].map(key));
    for (const each of [...this.#links.keys()]) if (!keys.has(each)) this.#close(each);
    for (const [name, addresses] of wanted)
      if (!this.#links.has(key(name))) this.#open(key(name), name, addresses);
  }

  #open(key: string, name: string, addresses: readonly NetworkInterface[]): void {
    const live = liveLink(name, addresses, (code, message) => {
      if (this.#warned.size > 64) this.#warned.clear();
      if (this.#warned.has(`${name} ${code} ${message}`)) return;
      this.#warned.add(`${name} ${code} ${message}`);
      this.#log.warn(code, `multicast DNS on ${name}: ${message}`, { interface: name });
    });
    this.#links.set(key, live);
    this.#attachments.add(live);
  }

  #close(key: string): void {
    const live = this.#links.get(key);
    if (live === undefined) return;
    this.#links.delete(key);
    this.#attachments.remove(live);
    live.dispose();
  }
}

/** Milliseconds of a monotonic clock. */
const now = (): number => performance.now();

function liveLink(
  name: string,
  addresses: readonly NetworkInterface[],
  warn: (code: string, message: string) => void,
): LiveLink {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const onMessage = (bytes: Uint8Array, from: Source): void => {
    const wrong = link.receive(bytes, from, now());
    if (wrong !== undefined) warn('mdns.bad-message', `a message is ignored: ${wrong}`);
    wake();
  };
  const ipv4 = openLinkSocket(addresses[0]?.address ?? '', {
    onMessage,
    onError: (message) => warn('mdns.socket', message),
  });
  const ipv6 = openLinkSocket6(name, onMessage);
  // The same is said over both (RFC 6762 section 20): who has only one of them hears it.
  const send = (bytes: Buffer, to?: Source): void => {
    if (to === undefined || !to.address.includes(':')) ipv4.send(bytes, to);
    if (to === undefined || to.address.includes(':')) ipv6.send(bytes, to);
  };
  const link = new MdnsLink(
    { interface: name, addresses, hostLabel: hostLabel(), send, random: Math.random },
    now(),
  );
  const wake = (): void => {
    clearTimeout(timer);
    if (isClosed) return;
    const wait = Math.min(Math.max(0, Math.ceil(link.next() - now())), longestTimer);
    timer = setTimeout(() => {
      link.advance(now());
      wake();
    }, wait).unref();
  };
  void Promise.all([ipv4.ready, ipv6.ready]).then(wake);
  return {
    link,
    wake,
    ...toDisposable(() => {
      isClosed = true;
      clearTimeout(timer);
      link.goodbye();
      ipv4.dispose();
      ipv6.dispose();
    }),
  };
}

/** The machine's name, as far as it is one label of letters, digits and hyphens. */
function hostLabel(): string {
  const label =
    hostname()
      .split('.')[0]
      ?.replace(/[^A-Za-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '') ?? '';
  return cutToBytes(label, maxLabelBytes) || 'tutti';
}

function sinkOf(link: MdnsLink, type: string, reports: ServiceReports): ServiceSink {
  return {
    found: (service) => reports.found(service),
    lost: (name) => reports.lost({ name, type, interface: link.interface }),
  };
}

function recordOf({ name, data }: DnsRecord, interfaceName: string): MdnsRecord | undefined {
  if (data.type === 'other') return undefined;
  return { name, type: data.type, interface: interfaceName, data: recordText(data) };
}
