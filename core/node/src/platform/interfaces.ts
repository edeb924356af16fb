import { networkInterfaces } from 'node:os';
import type { NetworkInterface } from '@tutti/api';
import { createToken, Emitter, type Disposable, type Event } from '@tutti/base';

/** IPv4 interfaces of this machine that are up and that Tutti is set to use. */
export interface Interfaces {
  current(): readonly NetworkInterface[];
  /** By name or by address. */
  find(nameOrAddress: string): NetworkInterface | undefined;
  readonly onDidChange: Event<readonly NetworkInterface[]>;
}

export const InterfacesToken = createToken<Interfaces>('Interfaces');

const pollMs = 1000;

/** Looks once a second: no portable notification exists, and a cable is slower than that. */
export class PolledInterfaces implements Interfaces, Disposable {
  readonly #only: string | undefined;
  readonly #emitter = new Emitter<readonly NetworkInterface[]>();
  readonly #timer: NodeJS.Timeout;
  #current: readonly NetworkInterface[];

  readonly onDidChange = this.#emitter.event;

  /** @param only name of the one interface to use; the loopback is used only when named here. */
  constructor(only: string | undefined) {
    this.#only = only;
    this.#current = readInterfaces(only);
    this.#timer = setInterval(() => this.#poll(), pollMs);
    this.#timer.unref();
  }

  current(): readonly NetworkInterface[] {
    return this.#current;
  }

  find(nameOrAddress: string): NetworkInterface | undefined {
    return this.#current.find((each) => each.name === nameOrAddress || each.address === nameOrAddress);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#emitter.dispose();
  }

  #poll(): void {
    const now = readInterfaces(this.#only);
    if (JSON.stringify(now) === JSON.stringify(this.#current)) return;
    this.#current = now;
    this.#emitter.fire(now);
  }
}

/** libuv lists only interfaces that are up and running, so a pulled cable removes its interface here. */
function readInterfaces(only: string | undefined): readonly NetworkInterface[] {
  return Object.entries(networkInterfaces())
    .flatMap(([name, addresses]) => (addresses ?? []).map((entry) => ({ name, entry })))
    .filter(({ entry }) => entry.family === 'IPv4')
    .filter(({ name, entry }) =>
      only === undefined ? !entry.internal : name === only || entry.address === only,
    )
    .map(({ name, entry }) => ({ name, address: entry.address, netmask: entry.netmask, mac: entry.mac }));
}
