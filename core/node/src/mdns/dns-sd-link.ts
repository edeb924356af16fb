import type { MdnsAdvertisement } from '@tutti/api';
import { toDisposable, type Disposable } from '@tutti/base';
import { dnsSdError, nameConflict, type DnsSdConnection } from './dns-sd-connection.ts';
import type { DnsSdReply } from './dns-sd-addon.ts';
import type { DnsRecord } from './dns-message.ts';
import { nextInstanceName } from './dns-name.ts';
import type { Link, OnChange } from './link.ts';
import { maxQuestions } from './questions.ts';
import { readData } from './read-dns-message.ts';
import { cacheLimits, recordKey, type RecordKey } from './record-cache.ts';
import { txtStrings } from './record-text.ts';
import { writeData } from './write-dns-message.ts';

const maxRenames = 100;

/** Records of one name and type that mDNSResponder knows. */
interface Watched {
  readonly onChanges: Set<{ readonly onChange: OnChange }>;
  /** By their bytes; Avahi tells a record once for each family of addresses that it came over. */
  readonly records: Map<string, { readonly record: DnsRecord; times: number }>;
  readonly asking: Disposable;
}

/** Multicast DNS on one interface by mDNSResponder, which keeps the cache and the manners. */
export class DnsSdLink implements Link, Disposable {
  readonly interface: string;
  readonly #connection: DnsSdConnection;
  readonly #index: number;
  readonly #warn: (message: string) => void;
  readonly #watched = new Map<string, Watched>();
  readonly #published = new Set<Disposable>();

  constructor(connection: DnsSdConnection, name: string, index: number, warn: (message: string) => void) {
    this.interface = name;
    this.#connection = connection;
    this.#index = index;
    this.#warn = warn;
  }

  records(key: RecordKey): readonly DnsRecord[] {
    return [...(this.#watched.get(recordKey(key))?.records.values() ?? [])].map(({ record }) => record);
  }

  watch(key: RecordKey, _isShared: boolean, onChange: OnChange): Disposable {
    const text = recordKey(key);
    const watched = this.#watched.get(text) ?? this.#ask(key);
    if (watched === undefined) return toDisposable(() => undefined);
    this.#watched.set(text, watched);
    const watch = { onChange };
    watched.onChanges.add(watch);
    return toDisposable(() => {
      watched.onChanges.delete(watch);
      if (watched.onChanges.size > 0 || this.#watched.get(text) !== watched) return;
      this.#watched.delete(text);
      watched.asking.dispose();
    });
  }

  publish(advertisement: MdnsAdvertisement, onEstablished: (name: string) => void): Disposable {
    const { subtypes = [], port, txt } = advertisement;
    const type = [advertisement.type, ...subtypes].join(',');
    const bytes = writeData({ type: 'TXT', strings: txtStrings(txt) });
    let { name } = advertisement;
    let renames = 0;
    let registered: Disposable;
    const onReply = ({ error, name: inForce }: DnsSdReply): void => {
      if (error === 0) return onEstablished(inForce);
      // mDNSResponder renames by itself; Avahi does not where the other one is of this machine.
      if (error !== nameConflict || ++renames > maxRenames)
        return this.#warn(`"${name}" is not advertised: ${dnsSdError(error)}`);
      name = nextInstanceName(name);
      registered.dispose();
      register();
    };
    const register = (): void => {
      registered = this.#connection.register(this.#index, { name, type, port, txt: bytes }, onReply);
    };
    register();
    const publication = toDisposable(() => {
      this.#published.delete(publication);
      registered.dispose();
    });
    this.#published.add(publication);
    return publication;
  }

  dispose(): void {
    for (const each of this.#published) each.dispose();
    for (const { asking } of this.#watched.values()) asking.dispose();
    this.#watched.clear();
  }

  /** Undefined if too much is asked already. */
  #ask(key: RecordKey): Watched | undefined {
    if (this.#watched.size >= maxQuestions) return undefined;
    const records: Watched['records'] = new Map();
    const onChanges: Watched['onChanges'] = new Set();
    const tell = (added?: DnsRecord): void => {
      for (const { onChange } of [...onChanges]) onChange(added);
    };
    const onReply = ({ error, isAdded, data }: DnsSdReply): void => {
      if (error !== 0) return this.#warn(`${key.name} cannot be asked for: ${dnsSdError(error)}`);
      const read = readData(key.code, data);
      if (!read.ok) return this.#warn(`a record is ignored: ${read.error}`);
      const identity = Buffer.from(data).toString('latin1');
      const known = records.get(identity);
      if (known !== undefined) {
        known.times += isAdded ? 1 : -1;
        if (known.times > 0) return;
        records.delete(identity);
        tell();
      } else if (isAdded && records.size < cacheLimits.ofOneSet) {
        // How long it lives is the daemon's business: it says when it is gone.
        const record = { name: key.name, ttl: 0, flush: false, data: read.value };
        records.set(identity, { record, times: 1 });
        tell(record);
      }
    };
    return { records, onChanges, asking: this.#connection.query(this.#index, key.name, key.code, onReply) };
  }
}
