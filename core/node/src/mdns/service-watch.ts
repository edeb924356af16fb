import type { MdnsService } from '@tutti/api';
import { DisposableStore, type Disposable } from '@tutti/base';
import { recordCodes, type DnsRecord } from './dns-message.ts';
import { escapeLabel, foldName, labelsOf } from './dns-name.ts';
import type { Link } from './link.ts';

/** Most instances of one type that are followed on one interface. */
const maxInstances = 1024;

/** Where services that come and go are reported. */
export interface ServiceSink {
  found(service: MdnsService): void;
  lost(name: string): void;
}

/** Follows one instance: its SRV and TXT records and the addresses of its host, until disposed. */
export class ServiceWatch implements Disposable {
  readonly #link: Link;
  readonly #instance: { readonly name: string; readonly type: string };
  readonly #sink: ServiceSink;
  readonly #clock: () => number;
  readonly #store = new DisposableStore();
  #host: { readonly name: string; readonly watch: Disposable } | undefined;
  #reported: string | undefined;

  constructor(
    link: Link,
    instance: { readonly name: string; readonly type: string },
    sink: ServiceSink,
    clock: () => number,
  ) {
    this.#link = link;
    this.#instance = instance;
    this.#sink = sink;
    this.#clock = clock;
    for (const code of [recordCodes.SRV, recordCodes.TXT])
      this.#store.add(link.watch({ name: this.#fullName(), code }, false, () => this.#update(), clock()));
    this.#update();
  }

  dispose(): void {
    this.#store.dispose();
    this.#host?.watch.dispose();
    if (this.#reported !== undefined) this.#sink.lost(this.#instance.name);
    this.#reported = undefined;
  }

  #fullName(): string {
    return `${escapeLabel(this.#instance.name)}.${this.#instance.type}.local`;
  }

  #update(): void {
    if (this.#store.isDisposed) return;
    const service = this.#read();
    const text = service && JSON.stringify(service);
    if (text === this.#reported) return;
    this.#reported = text;
    if (service === undefined) this.#sink.lost(this.#instance.name);
    else this.#sink.found(service);
  }

  #read(): MdnsService | undefined {
    const of = (name: string, code: number): readonly DnsRecord[] => this.#link.records({ name, code });
    const srv = of(this.#fullName(), recordCodes.SRV)[0]?.data;
    const txt = of(this.#fullName(), recordCodes.TXT)[0]?.data;
    this.#followHost(srv?.type === 'SRV' ? srv.target : undefined);
    if (srv?.type !== 'SRV' || txt?.type !== 'TXT') return undefined;
    const addresses = of(srv.target, recordCodes.A)
      .flatMap(({ data }) => (data.type === 'A' ? [data.address] : []))
      .sort();
    if (addresses.length === 0) return undefined;
    const { port, target: host } = srv;
    const { name, type } = this.#instance;
    return { name, type, interface: this.#link.interface, host, port, addresses, txt: readTxt(txt.strings) };
  }

  #followHost(name: string | undefined): void {
    if (name === this.#host?.name) return;
    this.#host?.watch.dispose();
    const key = name === undefined ? undefined : { name, code: recordCodes.A };
    this.#host = key && {
      name: key.name,
      watch: this.#link.watch(key, false, () => this.#update(), this.#clock()),
    };
  }
}

/** Follows all instances of a type, or of a subtype of it, until disposed. */
export class TypeWatch implements Disposable {
  readonly #link: Link;
  readonly #type: string;
  readonly #sink: ServiceSink;
  readonly #clock: () => number;
  readonly #pointers: { readonly name: string; readonly code: number };
  readonly #watching: Disposable;
  readonly #instances = new Map<string, ServiceWatch>();

  constructor(
    link: Link,
    { type, subtype }: { readonly type: string; readonly subtype: string | undefined },
    sink: ServiceSink,
    clock: () => number,
  ) {
    this.#link = link;
    this.#type = type;
    this.#sink = sink;
    this.#clock = clock;
    const name = subtype === undefined ? `${type}.local` : `${escapeLabel(subtype)}._sub.${type}.local`;
    this.#pointers = { name, code: recordCodes.PTR };
    this.#watching = link.watch(
      this.#pointers,
      true,
      (added) => (added === undefined ? this.#update() : this.#follow(added)),
      clock(),
    );
    this.#update();
  }

  dispose(): void {
    this.#watching.dispose();
    for (const watch of this.#instances.values()) watch.dispose();
    this.#instances.clear();
  }

  #update(): void {
    const records = this.#link.records(this.#pointers);
    const names = new Set(records.map((each) => this.#instanceOf(each)));
    for (const [name, watch] of this.#instances) {
      if (names.has(name)) continue;
      this.#instances.delete(name);
      watch.dispose();
    }
    for (const record of records) this.#follow(record);
  }

  #follow(pointer: DnsRecord): void {
    const name = this.#instanceOf(pointer);
    if (name === undefined || this.#instances.has(name) || this.#instances.size >= maxInstances) return;
    const instance = { name, type: this.#type };
    this.#instances.set(name, new ServiceWatch(this.#link, instance, this.#sink, this.#clock));
  }

  #instanceOf({ data }: DnsRecord): string | undefined {
    return data.type === 'PTR' ? instanceOf(data.target, this.#type) : undefined;
  }
}

/** The instance in `Main mix._rtsp._tcp.local`; undefined if the pointer is not of that type. */
function instanceOf(target: string, type: string): string | undefined {
  const labels = labelsOf(target);
  if (!labels.ok) return undefined;
  const [instance, ...rest] = labels.value;
  return foldName(rest.join('.')) === foldName(`${type}.local`) ? instance : undefined;
}

/** RFC 6763 section 6.4. The result has its keys as own properties, whatever they are called. */
export function readTxt(strings: readonly Uint8Array[]): Readonly<Record<string, string>> {
  const pairs = new Map<string, string>();
  for (const each of strings) {
    const [, key = '', value = ''] = /^([^=]+)=?(.*)$/s.exec(Buffer.from(each).toString('utf8')) ?? [];
    const folded = key.toLowerCase();
    if (key !== '' && !pairs.has(folded)) pairs.set(folded, value);
  }
  return Object.fromEntries(pairs);
}
