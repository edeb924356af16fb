import type { MdnsAdvertisement, MdnsRecord } from '@tutti/api';
import { DisposableStore, toDisposable, toProblem, type Disposable } from '@tutti/base';
import type { Interfaces } from '../platform/interfaces.ts';
import type { Log } from '../platform/log.ts';
import { Attachments } from './attachments.ts';
import { AvahiObjects, avahiAny, avahiIpv4 } from './avahi-objects.ts';
import { avahiAdvertise } from './avahi-advertise.ts';
import { recordCodes } from './dns-message.ts';
import type { MdnsBackend, ServiceReports } from './mdns-backend.ts';
import { recordText } from './record-text.ts';
import { readData } from './read-dns-message.ts';
import { readTxt } from './service-watch.ts';
import { connectBusPeer, type BusPeer } from './system-bus.ts';
import type { SystemResponder } from './system-responder.ts';

/** avahi-daemon, on the system's bus. */
export function connectAvahi(): SystemResponder {
  const bus = connectBusPeer('org.freedesktop.Avahi');
  return {
    onDidChangePresence: bus.onDidChangePresence,
    open: (interfaces, log) => new AvahiMdns(bus, interfaces, log),
    ...toDisposable(() => bus.dispose()),
  };
}

/** Everything is asked anew when the interfaces change: one target stands for one set of them. */
interface Generation {
  readonly names: ReadonlySet<string>;
}

/**
 * Multicast DNS through avahi-daemon (version 0.8 or later, for the methods of Server2 that lose no signal), so that there is one
 * responder on the port and one cache on the machine.
 */
class AvahiMdns implements MdnsBackend {
  readonly responder = 'avahi';
  readonly #objects: AvahiObjects;
  readonly #attachments = new Attachments<Generation>();
  readonly #following: Disposable;
  #generation: Generation | undefined;

  constructor(bus: BusPeer, interfaces: Interfaces, log: Log) {
    this.#objects = new AvahiObjects(bus, (what, error) =>
      log.warn('mdns.avahi', `avahi-daemon refused ${what}: ${toProblem(error).message}`),
    );
    const renew = (): void => {
      if (this.#generation !== undefined) this.#attachments.remove(this.#generation);
      this.#generation = { names: new Set(interfaces.current().map((each) => each.name)) };
      this.#attachments.add(this.#generation);
    };
    this.#following = interfaces.onDidChange(renew);
    renew();
  }

  browse(wanted: { readonly type: string; readonly subtype?: string }, reports: ServiceReports): Disposable {
    const { type, subtype } = wanted;
    const asked = subtype === undefined ? type : `${subtype}._sub.${type}`;
    return this.#attachments.attach(({ names }) => {
      const resolving = new Map<string, Disposable>();
      const browsing = this.#objects.open(
        'ServiceBrowser',
        { signature: 'iissu', body: [avahiAny, avahiIpv4, asked, 'local', 0] },
        (member, body) => {
          const [index, , name] = body;
          if (typeof index !== 'number' || typeof name !== 'string') return;
          const key = `${index} ${name}`;
          if (member === 'ItemNew' && !resolving.has(key))
            resolving.set(key, this.#resolve(index, { name, type }, names, reports));
          else if (member === 'ItemRemove') {
            resolving.get(key)?.dispose();
            resolving.delete(key);
          }
        },
      );
      return toDisposable(() => {
        browsing.dispose();
        for (const each of resolving.values()) each.dispose();
      });
    });
  }

  follow(instance: { readonly name: string; readonly type: string }, reports: ServiceReports): Disposable {
    return this.#attachments.attach(({ names }) => {
      const resolving = new DisposableStore();
      // One for each interface: a resolver of any interface stops at the first that answers.
      for (const each of names)
        void this.#objects
          .interfaceIndex(each)
          .then((index) => resolving.add(this.#resolve(index, instance, names, reports)))
          .catch(() => undefined); // gone again
      return resolving;
    });
  }

  query(
    wanted: { readonly name: string; readonly type: MdnsRecord['type'] },
    onRecords: (interfaceName: string, records: readonly MdnsRecord[]) => void,
  ): Disposable {
    const { name, type } = wanted;
    return this.#attachments.attach(({ names }) => {
      const found = new Map<number, Map<string, MdnsRecord>>();
      const body = [avahiAny, avahiIpv4, name, 1, recordCodes[type], 0];
      return this.#objects.open('RecordBrowser', { signature: 'iisqqu', body }, (member, item) => {
        const [index, , , , code, bytes] = item;
        if (typeof index !== 'number' || !(bytes instanceof Uint8Array) || code !== recordCodes[type]) return;
        void this.#objects.interfaceName(index).then((iface) => {
          if (iface === undefined || !names.has(iface)) return;
          const records = found.get(index) ?? new Map<string, MdnsRecord>();
          found.set(index, records);
          const read = readData(recordCodes[type], bytes);
          if (!read.ok || read.value.type === 'other') return;
          const data = recordText(read.value);
          if (member === 'ItemNew') records.set(data, { name, type, interface: iface, data });
          else if (member === 'ItemRemove') records.delete(data);
          onRecords(iface, [...records.values()]);
        });
      });
    });
  }

  advertise(advertisement: MdnsAdvertisement, onEstablished: (name: string) => void): Disposable {
    return this.#attachments.attach(({ names }) => {
      const wanted = (advertisement.interfaces ?? [...names]).filter((each) => names.has(each));
      return avahiAdvertise(this.#objects, advertisement, wanted, onEstablished);
    });
  }

  dispose(): void {
    this.#following.dispose();
    if (this.#generation !== undefined) this.#attachments.remove(this.#generation);
    this.#objects.dispose();
  }

  #resolve(
    wantedIndex: number,
    { name, type }: { readonly name: string; readonly type: string },
    names: ReadonlySet<string>,
    reports: ServiceReports,
  ): Disposable {
    const found = new Set<string>();
    let isDisposed = false;
    const body = [wantedIndex, avahiIpv4, name, type, 'local', avahiIpv4, 0];
    const resolving = this.#objects.open(
      'ServiceResolver',
      { signature: 'iisssiu', body },
      (member, [index, , , , , host, , address, port, txt]) => {
        if (member !== 'Found' || typeof index !== 'number' || typeof port !== 'number') return;
        if (typeof host !== 'string' || typeof address !== 'string' || !Array.isArray(txt)) return;
        const strings = txt.filter((each): each is Uint8Array => each instanceof Uint8Array);
        void this.#objects.interfaceName(index).then((iface) => {
          if (isDisposed || iface === undefined || !names.has(iface)) return;
          found.add(iface);
          const addresses = [address];
          reports.found({ name, type, interface: iface, host, port, addresses, txt: readTxt(strings) });
        });
      },
    );
    return toDisposable(() => {
      isDisposed = true;
      resolving.dispose();
      for (const each of found) reports.lost({ name, type, interface: each });
    });
  }
}
