import { toDisposable, type Disposable } from '@tutti/base';
import type { BusPeer, BusSignal } from './system-bus.ts';

/** Of any interface, of any protocol; IPv4 (avahi-common/address.h). */
export const avahiAny = -1;
export const avahiIpv4 = 0;

const server = 'org.freedesktop.Avahi.Server';

const maxEarly = 256;

type SignalHandler = (member: string, body: readonly unknown[]) => void;

/** Objects that avahi-daemon makes for us: browsers, resolvers, groups of entries. Each goes when it is disposed. */
export class AvahiObjects implements Disposable {
  readonly #bus: BusPeer;
  readonly #onError: (what: string, error: unknown) => void;
  readonly #handlers = new Map<string, SignalHandler>();
  readonly #names = new Map<number, Promise<string | undefined>>();
  readonly #listening: Disposable;
  /** Signals of objects whose path is not known yet: avahi-daemon 0.8 emits some before the object is started. */
  #early: BusSignal[] = [];
  #isDisposed = false;

  constructor(bus: BusPeer, onError: (what: string, error: unknown) => void) {
    this.#bus = bus;
    this.#onError = (what, error) => {
      if (!this.#isDisposed) onError(what, error);
    };
    this.#listening = bus.onSignal((signal) => this.#onSignal(signal));
  }

  /** Makes a browser or resolver and starts it when its signals can be heard. */
  open(
    kind: 'ServiceBrowser' | 'ServiceResolver' | 'RecordBrowser',
    request: { readonly signature: string; readonly body: readonly unknown[] },
    onSignal: SignalHandler,
  ): Disposable {
    const start = (path: string): Promise<unknown> => this.call(path, kind, 'Start');
    const prepare = { path: '/', interface: `${server}2`, member: `${kind}Prepare`, ...request };
    return this.#hold(kind, this.#bus.call(prepare), onSignal, start);
  }

  /** Makes a group of entries and hands its path over. */
  openGroup(onSignal: SignalHandler, fill: (path: string) => Promise<void>): Disposable {
    const made = this.#bus.call({ path: '/', interface: server, member: 'EntryGroupNew' });
    return this.#hold('EntryGroup', made, onSignal, fill);
  }

  call(
    path: string,
    kind: string,
    member: string,
    signature?: string,
    body?: readonly unknown[],
  ): Promise<readonly unknown[]> {
    const call = { path, interface: `org.freedesktop.Avahi.${kind}`, member };
    return this.#bus.call(signature === undefined ? call : { ...call, signature, body: body ?? [] });
  }

  /** Name of an interface by its number; undefined if there is none any more. */
  interfaceName(index: number): Promise<string | undefined> {
    const known = this.#names.get(index);
    if (known !== undefined) return known;
    const call = { path: '/', interface: server, member: 'GetNetworkInterfaceNameByIndex' };
    const asked = this.#bus.call({ ...call, signature: 'i', body: [index] }).then(
      ([name]) => (typeof name === 'string' ? name : undefined),
      () => undefined,
    );
    if (this.#names.size > 256) this.#names.clear();
    this.#names.set(index, asked);
    return asked;
  }

  async interfaceIndex(name: string): Promise<number> {
    const call = { path: '/', interface: server, member: 'GetNetworkInterfaceIndexByName' };
    const [index] = await this.#bus.call({ ...call, signature: 's', body: [name] });
    return Number(index);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#listening.dispose();
    this.#handlers.clear();
  }

  #onSignal(signal: BusSignal): void {
    const handler = this.#handlers.get(signal.path);
    if (handler !== undefined) handler(signal.member, signal.body);
    else this.#early = [...this.#early.slice(1 - maxEarly), signal];
  }

  #hold(
    kind: string,
    made: Promise<readonly unknown[]>,
    onSignal: SignalHandler,
    begin: (path: string) => Promise<unknown>,
  ): Disposable {
    let isDisposed = false;
    let free = (): void => undefined;
    const hold = async (): Promise<void> => {
      const path = String((await made)[0]);
      free = () => {
        this.#handlers.delete(path);
        this.call(path, kind, 'Free').catch(() => undefined);
      };
      if (isDisposed) return free();
      this.#handlers.set(path, onSignal);
      const early = this.#early.filter((each) => each.path === path);
      this.#early = this.#early.filter((each) => each.path !== path);
      for (const { member, body } of early) onSignal(member, body);
      await begin(path);
    };
    hold().catch((error: unknown) => this.#onError(kind, error));
    return toDisposable(() => {
      isDisposed = true;
      free();
    });
  }
}
