import type {
  MdnsAdvertisement,
  MdnsBrowser,
  MdnsRecord,
  MdnsRecordType,
  MdnsRegistration,
  MdnsService,
  MdnsServiceKey,
  MdnsWait,
} from '@tutti/api';
import { DisposableStore, Emitter, fail, toDisposable, type Disposable } from '@tutti/base';
import {
  checkAdvertisement,
  checkInstanceName,
  checkServiceType,
  checkSubtype,
  readWait,
  type HostMdns,
  type MdnsResponder,
} from '@tutti/common';
import type { Interfaces } from '../platform/interfaces.ts';
import type { Log } from '../platform/log.ts';
import type { Configuration } from '../state/configuration.ts';
import { Attachments } from './attachments.ts';
import { connectAvahi } from './avahi-mdns.ts';
import { labelsOf } from './dns-name.ts';
import type { MdnsBackend } from './mdns-backend.ts';
import { connectMdnsResponder } from './mdns-responder.ts';
import { openOwnMdns } from './own-mdns.ts';
import type { SystemResponder } from './system-responder.ts';

/** Setting: `auto`, `mdnsresponder`, or `own` where the system's bus is that of another network (a container). */
const responderKey = 'mdns.responder';

const said: Readonly<Record<MdnsResponder, string>> = {
  avahi: 'multicast DNS through avahi-daemon',
  mdnsresponder: 'multicast DNS through mDNSResponder',
  own: 'multicast DNS by our own responder',
};

/**
 * {@link HostMdns}: hands everything to the system's responder while one runs and to our own otherwise. When that changes,
 * what is asked for and advertised moves over; who browses sees services go and come again.
 */
export class SwitchingMdns implements HostMdns, Disposable {
  readonly #interfaces: Interfaces;
  readonly #configuration: Configuration;
  readonly #log: Log;
  readonly #dnsSdAddon: string;
  readonly #backends = new Attachments<MdnsBackend>();
  readonly #store = new DisposableStore();
  #system: SystemResponder | undefined;
  #backend: MdnsBackend | undefined;
  #isStarted = false;

  /** @param dnsSdAddon path of `dns_sd.node` */
  constructor(interfaces: Interfaces, configuration: Configuration, log: Log, dnsSdAddon: string) {
    this.#interfaces = interfaces;
    this.#configuration = configuration;
    this.#log = log;
    this.#dnsSdAddon = dnsSdAddon;
  }

  get responder(): MdnsResponder | undefined {
    return this.#backend?.responder;
  }

  browse(type: string, { subtype }: { readonly subtype?: string } = {}): MdnsBrowser {
    checkServiceType(type);
    if (subtype !== undefined) checkSubtype(subtype);
    const found = new Emitter<MdnsService>();
    const lost = new Emitter<MdnsServiceKey>();
    const services = new Map<string, MdnsService>();
    const keyOf = (each: MdnsServiceKey): string => `${each.interface}\0${each.name}`;
    const wanted = { type, ...(subtype !== undefined && { subtype }) };
    const work = this.#use((backend) =>
      backend.browse(wanted, {
        found: (service) => {
          services.set(keyOf(service), service);
          found.fire(service);
        },
        lost: (key) => {
          if (services.delete(keyOf(key))) lost.fire(key);
        },
      }),
    );
    return {
      get services() {
        return [...services.values()];
      },
      onDidFind: found.event,
      onDidLose: lost.event,
      ...toDisposable(() => {
        found.dispose();
        lost.dispose();
        work.dispose();
      }),
    };
  }

  async resolve(name: string, type: string, options: MdnsWait = {}): Promise<MdnsService> {
    checkInstanceName(name);
    checkServiceType(type);
    const wait = readWait(options);
    return await this.#within<MdnsService>(
      wait,
      (done) => (backend) => backend.follow({ name, type }, { found: done, lost: () => undefined }),
      () => {
        throw fail('timeout', `nobody on the network has a service "${name}" of type ${type}`, {
          field: 'name',
        });
      },
    );
  }

  async query(name: string, type: MdnsRecordType, options: MdnsWait = {}): Promise<readonly MdnsRecord[]> {
    const labels = labelsOf(name);
    if (!labels.ok) throw fail('invalid', `"${name.slice(0, 40)}": ${labels.error}`, { field: 'name' });
    if (!recordTypes.includes(type)) throw fail('invalid', 'no such type of record', { field: 'type' });
    const wait = readWait(options);
    const all = new Map<string, readonly MdnsRecord[]>();
    return await this.#within<readonly MdnsRecord[]>(
      wait,
      (done) => (backend) =>
        backend.query({ name, type }, (on, records) => {
          all.set(on, records);
          if (type !== 'PTR' && records.length > 0) done([...all.values()].flat());
        }),
      () => [...all.values()].flat(),
    );
  }

  advertise(advertisement: MdnsAdvertisement): MdnsRegistration {
    checkAdvertisement(advertisement);
    const established = new Emitter<string>();
    const work = this.#use((backend) => backend.advertise(advertisement, (name) => established.fire(name)));
    return {
      onDidEstablish: established.event,
      ...toDisposable(() => {
        established.dispose();
        work.dispose();
      }),
    };
  }

  dispose(): void {
    this.#store.dispose();
    this.#setBackend(undefined);
    this.#system?.dispose();
  }

  /** Does the work at whatever responder there is; the first use finds out which. */
  #use(start: (backend: MdnsBackend) => Disposable): Disposable {
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#choose();
      this.#store.add(
        this.#configuration.onDidChange((keys) => {
          if (keys.includes(responderKey)) this.#choose();
        }),
      );
    }
    return this.#backends.attach(start);
  }

  #choose(): void {
    this.#system?.dispose();
    const system = this.#connect();
    this.#system = system;
    if (system === undefined) return this.#setBackend(openOwnMdns);
    system.onDidChangePresence((isPresent) => {
      if (this.#system === system) this.#setBackend(isPresent ? system.open : openOwnMdns);
    });
  }

  /** The system's responder, if one may be used. */
  #connect(): SystemResponder | undefined {
    const setting = this.#configuration.get<string>(responderKey);
    if (setting === 'mdnsresponder' || (setting === 'auto' && process.platform === 'darwin'))
      return connectMdnsResponder(this.#dnsSdAddon);
    return setting === 'auto' && process.platform === 'linux' ? connectAvahi() : undefined;
  }

  #setBackend(open: SystemResponder['open'] | undefined): void {
    const before = this.#backend;
    if (open === openOwnMdns && before?.responder === 'own') return;
    if (before !== undefined) {
      this.#backend = undefined;
      this.#backends.remove(before);
      before.dispose();
    }
    if (open === undefined) return;
    const backend = open(this.#interfaces, this.#log);
    this.#backend = backend;
    this.#log.info('mdns.responder', said[backend.responder]);
    this.#backends.add(backend);
  }

  /** The first result of some work, or what `late` says when the time is over. */
  async #within<T>(
    ms: number,
    start: (done: (value: T) => void) => (backend: MdnsBackend) => Disposable,
    late: () => T,
  ): Promise<T> {
    let work: Disposable | undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      const none = Symbol('late');
      const result = await new Promise<T | typeof none>((resolve) => {
        timer = setTimeout(() => resolve(none), ms);
        work = this.#use(start(resolve));
      });
      return result === none ? late() : (result as T);
    } finally {
      clearTimeout(timer);
      work?.dispose();
    }
  }
}

const recordTypes: readonly MdnsRecordType[] = ['A', 'AAAA', 'PTR', 'SRV', 'TXT'];
